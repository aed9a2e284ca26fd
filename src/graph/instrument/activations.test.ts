// Activation ports change nothing at rest, and at each site what is fed does what it says: against closed forms, in every way of writing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIVATION_SITES, type ActivationSite } from '#catalogue/interventions'
import { restingFeeds } from '#engine/passes/run-feeds'
import type { Feeds, GraphSession } from '#engine/runtime/session'
import { largestGap } from '#engine/testing/reference'
import { runModel, startGraph } from '#engine/testing/run-model'
import { sizeOf, type Tensor } from '#tensor/tensor'
import { openModel } from '../open-model.ts'
import { type InstrumentedModel, tapModel } from '../prepare.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'

const FORMS: readonly (readonly [string, OddTransformer])[] = [
  ['norms before blocks', {}],
  ['norms after blocks', { norms: 'after', head: 'pooled' }],
  ['norms around blocks, scaled embeddings', { norms: 'around', gain: 'plus-one', scaled: true }],
  ['blocks beside each other', { beside: true }],
  ['heads joined to the batch', { joined: true }],
  ['keys and values that heads share', { groups: true, projection: 'split' }],
  ['a bias after each sum', { shifted: true }],
  ['a second block on joined rows', { flat: true, projection: 'slice' }],
]
const A = { dims: [2, 5], data: BigInt64Array.of(3n, 1n, 4n, 1n, 5n, 9n, 2n, 6n, 5n, 3n) }
const B = { dims: [2, 5], data: BigInt64Array.of(7n, 8n, 2n, 0n, 4n, 1n, 6n, 1n, 3n, 9n) }
const TAPS = new Set(['headOutputs', 'queries', 'keys', 'values', 'attentionOutputs', 'mlpOutputs'] as const)
const TAP_OF = {
  query: 'queries',
  key: 'keys',
  value: 'values',
  head: 'headOutputs',
  attention: 'attentionOutputs',
  mlp: 'mlpOutputs',
} as const

const SITES = Object.keys(ACTIVATION_SITES) as readonly ActivationSite[]

const opened = (bytes: Uint8Array): InstrumentedModel => tapModel(openModel(bytes), { interventions: ['activations'], taps: TAPS })

describe.each(FORMS)('with %s', (_title, form) => {
  const bytes = oddTransformer(form).builder.bytes()
  const model = opened(bytes)
  const { outputs, interventions } = model
  const ports = interventions.activations
  const names = model.model.graph.outputs.map(({ name }) => name)
  let session: GraphSession
  beforeAll(async () => {
    session = await startGraph(model.model)
  })
  afterAll(() => session.release())
  const run = (ids: Tensor<BigInt64Array>, more: Feeds = {}) => session.run({ ids, ...restingFeeds(model.ports), ...more }, names)
  const nameOf = (site: ActivationSite, layer: number): string =>
    (site === 'residual' ? outputs.hiddenStates[layer] : outputs.parts?.[TAP_OF[site]][layer]) ?? ''
  /** All of a site replaced by what is given. */
  const put = (site: ActivationSite, layer: number, given: Tensor | undefined): Feeds => {
    const [keep, other] = [ports?.[`${site}Keep`]?.[layer]?.name, ports?.[`${site}Given`]?.[layer]?.name]
    if (keep === undefined || other === undefined || given === undefined) throw new Error(`${site} is closed`)
    const dims = [...given.dims.slice(0, -2), 1, 1]
    return { [keep]: { dims, data: new Float32Array(sizeOf(dims)) }, [other]: given }
  }
  const logitsOf = (results: Readonly<Record<string, Tensor>>) => results[outputs.logits]?.data ?? []
  const layers = Array.from({ length: ODD.layers }, (_, layer) => layer)

  it('every site of every layer is open, and nothing changes at rest', async () => {
    for (const site of SITES) expect(ports?.[`${site}Keep`], site).toHaveLength(ODD.layers)
    const plain = await runModel(tapModel(openModel(bytes), { taps: TAPS }).model, { ids: A })
    const rested = await run(A)
    for (const [name, { data }] of Object.entries(plain)) expect(rested[name]?.data, name).toEqual(data)
  })

  it('another text’s stream before a layer gives that text’s answer', async () => {
    const [own, other] = [await run(A), await run(B)]
    expect(largestGap(logitsOf(own), logitsOf(other))).toBeGreaterThan(0.01)
    for (const layer of layers) {
      const patched = await run(A, put('residual', layer, other[nameOf('residual', layer)]))
      expect(largestGap(logitsOf(patched), logitsOf(other)), `layer ${layer}`).toBeLessThan(1e-5)
    }
  })

  it.each(SITES)('its own %s leaves the text as it is, and what was put there is what comes out', async (site) => {
    const [own, other] = [await run(A), await run(B)]
    for (const layer of layers) {
      const same = await run(A, put(site, layer, own[nameOf(site, layer)]))
      expect(largestGap(logitsOf(same), logitsOf(own)), `layer ${layer}`).toBeLessThan(1e-5)
      const patched = await run(A, put(site, layer, other[nameOf(site, layer)]))
      expect(largestGap(patched[nameOf(site, layer)]?.data ?? [], other[nameOf(site, layer)]?.data ?? [])).toBeLessThan(1e-5)
      expect(largestGap(logitsOf(patched), logitsOf(own)), `layer ${layer}`).toBeGreaterThan(1e-7)
    }
  })

  it('embedding and all that the blocks add are the whole of a text', async () => {
    const other = await run(B)
    const everything = layers.flatMap((layer) =>
      (['attention', 'mlp'] as const).map((site) => put(site, layer, other[nameOf(site, layer)])),
    )
    const feeds = Object.assign({}, put('residual', 0, other[nameOf('residual', 0)]), ...everything)
    expect(largestGap(logitsOf(await run(A, feeds)), logitsOf(other))).toBeLessThan(1e-5)
  })

  it('all heads of a layer are what its attention adds', async () => {
    const other = await run(B)
    for (const layer of layers) {
      const heads = await run(A, put('head', layer, other[nameOf('head', layer)]))
      const block = await run(A, put('attention', layer, other[nameOf('attention', layer)]))
      expect(largestGap(logitsOf(heads), logitsOf(block))).toBeLessThan(1e-5)
    }
  })

  it('a factor scales what a block adds, constants included', async () => {
    const own = await run(A)
    const keep = ports?.mlpKeep?.[1]?.name ?? ''
    const scaled = await run(A, { [keep]: { dims: [1, 1, 1], data: Float32Array.of(-0.5) } })
    const [before, after] = [own[nameOf('mlp', 1)]?.data ?? [], scaled[nameOf('mlp', 1)]?.data ?? []]
    expect(
      largestGap(
        after,
        Array.from(before, (value) => -0.5 * value),
      ),
    ).toBeLessThan(1e-5)
  })
})

it('is only added where it is asked for', () => {
  const plain = tapModel(openModel(oddTransformer({}).builder.bytes()))
  expect([plain.interventions, plain.ports]).toEqual([{}, []])
})
