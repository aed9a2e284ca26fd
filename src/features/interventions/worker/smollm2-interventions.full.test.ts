// Switching parts of the embedded language model off, and patching them, is as PyTorch has it with the same weights.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PatchMapId } from '#catalogue/interventions'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import reference from '../../../../fixtures/smollm2-interventions.json' with { type: 'json' }
import plain from '../../../../fixtures/smollm2-reference.json' with { type: 'json' }
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'

const FILE = 'onnx/model_q4.onnx'
const silent = { signal: never, progress: () => undefined }
/** Of the largest number. */
const TOLERANCE = 1e-3
const MAPS = [
  ['residual', 'residual_before_layer'],
  ['attention', 'attention_output'],
  ['mlp', 'mlp_output'],
  ['heads', 'head_output_all_positions'],
  ['heads-asked', 'head_output_last_position'],
  ['queries', 'head_query_all_positions'],
] as const satisfies readonly (readonly [PatchMapId, string])[]

/** Largest difference relative to the largest number; infinite where there is not one for each. */
function apart(found: readonly number[], wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY
  const gaps = found.map((value, at) => Math.abs(value - (wanted[at] ?? Number.NaN)))
  return gaps.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...gaps) / Math.max(...wanted.map(Math.abs))
}

let opened: OpenedEngine
beforeAll(async () => {
  // Unpacked weights, as the page has them on WASM: twice as fast.
  opened = await openEngine(folderPlace('public/models/smollm2-135m-instruct', [FILE]), FILE, false, 'auto')
}, 300_000)
afterAll(() => opened.release())

const idOf = ([, id]: readonly (string | number)[]): number => Number(id)

describe.each(reference.pairs)('"$a"', ({ a, b, target: [, index], foil: [, foil], ...wanted }) => {
  const question = async () => {
    const { row } = await opened.run(inputOf(a))
    const target = { index: Number(index), foil: Number(foil), position: row.tokens.length - 1, space: 'score' } as const
    return { input: inputOf(a), reference: inputOf(b), target }
  }

  it('ablations by kind', { timeout: 600_000 }, async () => {
    const { untouched, kinds } = await opened.engine.sweep({ ...(await question()), kinds: ['zero', 'mean', 'resample'] }, silent)
    expect(apart([untouched], [wanted.logit_difference_a])).toBeLessThan(TOLERANCE)
    const heads = kinds.map(({ layers }) => layers.flatMap((layer) => layer.heads))
    const { heads_zero, heads_mean_over_positions, heads_resample_from_b, mlps_zero } = wanted.ablation
    expect(apart(heads[0] ?? [], heads_zero.flat())).toBeLessThan(TOLERANCE)
    expect(apart(heads[1] ?? [], heads_mean_over_positions.flat())).toBeLessThan(TOLERANCE)
    expect(apart(heads[2] ?? [], heads_resample_from_b.flat())).toBeLessThan(TOLERANCE)
    expect(apart(kinds[0]?.layers.map(({ mlp }) => mlp ?? Number.NaN) ?? [], mlps_zero)).toBeLessThan(TOLERANCE)
  })

  it.each(MAPS)('denoising %s', { timeout: 600_000 }, async (map, name) => {
    const found = await opened.engine.patching({ ...(await question()), map, direction: 'denoise' }, silent)
    expect(apart([found.clean, found.corrupt], [wanted.logit_difference_a, wanted.logit_difference_b])).toBeLessThan(TOLERANCE)
    const numbers = found.layers.flatMap((layer) => layer.numbers)
    expect(apart(numbers, wanted.denoising[name].flat())).toBeLessThan(TOLERANCE)
    if (map === 'heads')
      expect(
        apart(
          found.layers.flatMap(({ shares }) => shares),
          wanted.denoising_normalised_heads.flat(),
        ),
      ).toBeLessThan(TOLERANCE)
  })

  it('noising heads', { timeout: 600_000 }, async () => {
    const found = await opened.engine.patching({ ...(await question()), map: 'heads', direction: 'noise' }, silent)
    expect(
      apart(
        found.layers.flatMap(({ numbers }) => numbers),
        wanted.noising.head_output_all_positions.flat(),
      ),
    ).toBeLessThan(TOLERANCE)
    expect(
      apart(
        found.layers.flatMap(({ shares }) => shares),
        wanted.noising_normalised_heads.flat(),
      ),
    ).toBeLessThan(TOLERANCE)
  })
})

it.each(plain.items)('logit difference with each head off: "$text"', { timeout: 600_000 }, async ({ text, target, foil, ...wanted }) => {
  const { row } = await opened.run(inputOf(text))
  const aim = { index: idOf(target), foil: idOf(foil), position: row.tokens.length - 1, space: 'score' } as const
  const { kinds } = await opened.engine.sweep({ input: inputOf(text), reference: null, target: aim, kinds: ['zero'] }, silent)
  const heads = kinds[0]?.layers.flatMap((layer) => layer.heads) ?? []
  expect(apart(heads, wanted.logit_difference_with_head_ablated.data)).toBeLessThan(TOLERANCE)
})
