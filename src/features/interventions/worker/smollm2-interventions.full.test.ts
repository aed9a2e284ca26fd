// Switching parts of the embedded language model off, and patching them, is as PyTorch has it with the same weights.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PatchMapId } from '#catalogue/interventions'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import type { CallContext } from '#protocol/serve'
import reference from '../../../../fixtures/smollm2-interventions.json' with { type: 'json' }
import plain from '../../../../fixtures/smollm2-reference.json' with { type: 'json' }
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'
import type { PatchedLayer, SweepLayer } from '../api.ts'

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

const ABLATIONS = [
  ['zero', 'heads_zero'],
  ['mean', 'heads_mean_over_positions'],
  ['resample', 'heads_resample_from_b'],
] as const
/** The first ones, unless INNERSCOPE_ALL_LAYERS is set: thousands of runs take half an hour. */
const LAYERS = process.env.INNERSCOPE_ALL_LAYERS ? Number.POSITIVE_INFINITY : 2

/** The first layers of an answer that comes layer by layer. */
async function upTo<Layer extends { readonly layer: number }>(
  count: number,
  call: (context: CallContext<Layer>) => Promise<unknown>,
): Promise<readonly Layer[]> {
  const stop = new AbortController()
  const found: Layer[] = []
  const progress = (layer: Layer): void => {
    found.push(layer)
    if (found.length === count) stop.abort()
  }
  await call({ signal: stop.signal, progress }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  return found
}

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

  const layers = Math.min(LAYERS, reference.pairs[0]?.denoising.residual_before_layer.length ?? 0)

  it.each(ABLATIONS)('heads switched off by %s', { timeout: 300_000 }, async (kind, name) => {
    const asked = await question()
    const found = await upTo<SweepLayer>(layers, (context) => opened.engine.sweep({ ...asked, kinds: [kind] }, context))
    expect(apart([found[0]?.untouched ?? Number.NaN], [wanted.logit_difference_a])).toBeLessThan(TOLERANCE)
    expect(
      apart(
        found.flatMap(({ heads }) => heads),
        wanted.ablation[name].slice(0, layers).flat(),
      ),
    ).toBeLessThan(TOLERANCE)
    const mlps = found.map(({ mlp }) => mlp ?? Number.NaN)
    if (kind === 'zero') expect(apart(mlps, wanted.ablation.mlps_zero.slice(0, layers))).toBeLessThan(TOLERANCE)
  })

  it.each(MAPS)('denoising %s', { timeout: 300_000 }, async (map, name) => {
    const asked = await question()
    const found = await upTo<PatchedLayer>(layers, (context) => opened.engine.patching({ ...asked, map, direction: 'denoise' }, context))
    const { clean = Number.NaN, corrupt = Number.NaN } = found[0] ?? {}
    expect(apart([clean, corrupt], [wanted.logit_difference_a, wanted.logit_difference_b])).toBeLessThan(TOLERANCE)
    expect(
      apart(
        found.flatMap(({ numbers }) => numbers),
        wanted.denoising[name].slice(0, layers).flat(),
      ),
    ).toBeLessThan(TOLERANCE)
    const shares = wanted.denoising_normalised_heads.slice(0, layers).flat()
    if (map === 'heads')
      expect(
        Math.max(...found.flatMap((layer) => layer.shares).map((share, at) => Math.abs(share - (shares[at] ?? Number.NaN)))),
      ).toBeLessThan(TOLERANCE)
  })

  it('noising heads', { timeout: 300_000 }, async () => {
    const asked = await question()
    const found = await upTo<PatchedLayer>(layers, (context) =>
      opened.engine.patching({ ...asked, map: 'heads', direction: 'noise' }, context),
    )
    const numbers = wanted.noising.head_output_all_positions.slice(0, layers).flat()
    expect(
      apart(
        found.flatMap((layer) => layer.numbers),
        numbers,
      ),
    ).toBeLessThan(TOLERANCE)
    const shares = wanted.noising_normalised_heads.slice(0, layers).flat()
    expect(
      Math.max(...found.flatMap((layer) => layer.shares).map((share, at) => Math.abs(share - (shares[at] ?? Number.NaN)))),
    ).toBeLessThan(TOLERANCE)
  })
})

// All heads of the shorter text; the pairs above are of the others.
it.each(plain.items.slice(0, LAYERS === Number.POSITIVE_INFINITY ? 2 : 1))(
  'logit difference with each head off: "$text"',
  { timeout: 600_000 },
  async ({ text, target, foil, ...wanted }) => {
    const { row } = await opened.run(inputOf(text))
    const aim = { index: idOf(target), foil: idOf(foil), position: row.tokens.length - 1, space: 'score' } as const
    const { kinds } = await opened.engine.sweep({ input: inputOf(text), reference: null, target: aim, kinds: ['zero'] }, silent)
    const heads = kinds[0]?.layers.flatMap((layer) => layer.heads) ?? []
    expect(apart(heads, wanted.logit_difference_with_head_ablated.data)).toBeLessThan(TOLERANCE)
  },
)
