// The inside of the embedded language model is as PyTorch has it with the same weights.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import reference from '../../../../fixtures/smollm2-inside.json' with { type: 'json' }
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'

const FILE = 'onnx/model_q4.onnx'
const silent = { signal: never, progress: () => undefined }
/** Of the largest number. */
const TOLERANCE = 1e-3

/** Largest difference relative to the largest number; infinite where there is not one for each. */
function apart(found: readonly number[], wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY
  const largest = Math.max(...wanted.map(Math.abs))
  const gaps = found.map((value, at) => Math.abs(value - (wanted[at] ?? Number.NaN)))
  return gaps.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...gaps) / largest
}

let opened: OpenedEngine
beforeAll(async () => {
  opened = await openEngine(folderPlace('public/models/smollm2-135m-instruct', [FILE]), FILE, true)
}, 300_000)
afterAll(() => opened.release())

describe.each(reference.pairs)('"$text"', ({ text, ids, target, foil, ...wanted }) => {
  const [, targetId] = target
  const [, foilId] = foil
  const request = { input: inputOf(text), position: null, target: Number(targetId), foil: null }

  it('logit lens', { timeout: 180_000 }, async () => {
    const { columns } = await opened.engine.logitLens({ ...request, most: null }, silent)
    const layers = opened.model.card.layers + 1
    // The reference has a row a layer.
    const rows = Array.from({ length: layers }, (_, layer) => columns.map(({ cells }) => cells[layer])).flat()
    const lens = wanted.logit_lens
    expect(rows.map((cell) => cell?.top.id)).toEqual(lens.top1_id)
    const numbers = [
      [rows.map((cell) => cell?.probability ?? Number.NaN), lens.top1_probability],
      [rows.map((cell) => Math.exp(cell?.target.logProbability ?? Number.NaN)), lens.target_probability],
      [rows.map((cell) => cell?.divergence ?? Number.NaN), lens.kl_final_to_lens],
    ] as const
    for (const [found, expected] of numbers) expect(apart(found, expected)).toBeLessThan(TOLERANCE)
    expect(columns.map(({ at }) => at)).toEqual(ids.map((_, at) => at))
  })

  it('Jacobian lens', { timeout: 180_000 }, async () => {
    const found = await opened.engine.jacobianLens(request, silent)
    const { final_norm_scale_held: held, through_final_norm: through } = wanted.jacobian_lens
    expect(apart(found.scaleHeld, held)).toBeLessThan(TOLERANCE)
    expect(apart(found.throughNorm, through)).toBeLessThan(TOLERANCE)
    expect(Math.abs((found.scaleHeld.at(-1) ?? Number.NaN) - wanted.target_logit)).toBeLessThan(TOLERANCE * wanted.target_logit)
  })

  it('direct logit attribution', { timeout: 180_000 }, async () => {
    const found = await opened.engine.logitAttribution({ ...request, foil: Number(foilId) }, silent)
    const { embedding, heads, mlps, sum, norm_scale: scale } = wanted.direct_logit_attribution
    expect(apart([found.embedding, ...found.heads.flat(), ...found.mlps], [embedding, ...heads, ...mlps])).toBeLessThan(TOLERANCE)
    expect(apart([found.sum, found.difference], [sum, wanted.logit_difference])).toBeLessThan(TOLERANCE)
    expect(apart([found.scale], [scale])).toBeLessThan(TOLERANCE)
    expect(found.biases.every((bias) => bias === 0)).toBe(true)
  })

  it('head roles', { timeout: 180_000 }, async () => {
    const { roles, copies } = await opened.engine.headRoles({ input: request.input, random: null }, silent)
    const scores = wanted.head_scores
    expect(copies).toBe(scores.positions_with_an_earlier_copy)
    const pairs = [
      [roles.previousToken, scores.previous_token],
      [roles.self, scores.self],
      [roles.firstToken, scores.first_token_share],
      [roles.entropy, scores.entropy],
      ...(copies === 0
        ? []
        : ([
            [roles.duplicateToken, scores.duplicate_token],
            [roles.induction, scores.induction],
          ] as const)),
    ] as const
    for (const [found, expected] of pairs) expect(apart(found.flat(), expected.map(Number))).toBeLessThan(TOLERANCE)
    if (copies === 0) expect([...roles.duplicateToken.flat(), ...roles.induction.flat()].every(Number.isNaN)).toBe(true)
  })
})
