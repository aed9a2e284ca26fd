// Switching parts off and patching them: of small models against PyTorch and against what must hold, of the embedded classifier against PyTorch.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AblationKind, PATCH_DIRECTIONS, PATCH_MAP_IDS, type PatchDirection, type PatchMapId } from '#catalogue/interventions'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import { readJson } from '#engine/testing/zoo'
import type { Gate } from '#methods/intervention/activation-change'
import minilm from '../../../../fixtures/minilm-reference.json' with { type: 'json' }
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'
import type { PatchedLayer, SweepLayer } from '../api.ts'

const silent = { signal: never, progress: () => undefined }
const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs))

describe('the embedded classifier', () => {
  let opened: OpenedEngine
  beforeAll(async () => {
    const file = 'onnx/model_quantized.onnx'
    opened = await openEngine(folderPlace('public/models/minilm-sst2', [file]), file, false)
  }, 60_000)
  afterAll(() => opened.release())
  const [TEXT, OTHER] = ['The film is not bad at all.', 'The film was not good at all.']
  const target = { index: 1, foil: null, position: null, space: 'score' } as const
  const asked = { input: inputOf(TEXT), reference: null, target }
  const off = (layer: number, head: number, scale = 0): Gate => ({ part: { kind: 'head', layer, head }, scale })

  it.each(minilm.items)('logits with each head off agree with PyTorch on "$text"', { timeout: 60_000 }, async (item) => {
    const { data } = item.logits_with_head_ablated
    for (const index of item === minilm.items[0] ? [0, 1] : [1]) {
      const heard: SweepLayer[] = []
      const request = { input: inputOf(item.text), reference: null, target: { ...target, index }, kinds: ['zero'] as const }
      const { untouched, kinds } = await opened.engine.sweep(request, { signal: never, progress: (layer) => void heard.push(layer) })
      expect(Math.abs(untouched - (item.logits.data[index] ?? Number.NaN))).toBeLessThan(1e-3)
      const found = kinds[0]?.layers.flatMap(({ heads }) => heads) ?? []
      const wanted = data.filter((_, at) => at % 2 === index)
      expect(found).toHaveLength(72)
      expect(largest(found.map((value, at) => value - (wanted[at] ?? Number.NaN)))).toBeLessThan(1e-3 * largest(wanted))
      expect(heard.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, 5])
    }
  })

  it('gates of one head are what the sweep says, and untouched is the answer', async () => {
    const { kinds, untouched } = await opened.engine.sweep({ ...asked, kinds: ['mean'] }, silent)
    const gated = await opened.engine.gates({ ...asked, kind: 'mean', gates: [off(2, 3)] }, silent)
    expect(gated.untouched).toBeCloseTo(untouched, 4)
    expect(gated.now).toBeCloseTo(kinds[0]?.layers[2]?.heads[3] ?? Number.NaN, 4)
    expect(Math.abs(gated.now - gated.untouched)).toBeGreaterThan(1e-4)
    expect(gated.rows.map(({ label }) => label).toSorted()).toEqual(['NEGATIVE', 'POSITIVE'])
    for (const { now } of gated.rows) expect(now.probability).toBeLessThan(1)
    expect(gated.rows.reduce((sum, { now }) => sum + (now.probability ?? 0), 0)).toBeCloseTo(1, 5)
  })

  it('a scale of 1 changes nothing, and all heads of a layer at 0 are its attention less the bias', async () => {
    const whole = await opened.engine.gates({ ...asked, kind: 'zero', gates: [off(1, 1, 1)] }, silent)
    expect(whole.now).toBeCloseTo(whole.untouched, 5)
    const half = await opened.engine.gates({ ...asked, kind: 'zero', gates: [off(1, 1, 0.5)] }, silent)
    const none = await opened.engine.gates({ ...asked, kind: 'zero', gates: [off(1, 1)] }, silent)
    expect(Math.abs(half.now - half.untouched)).toBeGreaterThan(1e-4)
    expect(Math.abs(half.now - half.untouched)).toBeLessThan(2 * Math.abs(none.now - none.untouched))
  })

  it('kinds are compared: how far they agree, and where they differ', async () => {
    const kinds: readonly AblationKind[] = ['zero', 'mean', 'resample']
    const request = { ...asked, reference: inputOf(OTHER), kinds }
    const { agreements } = await opened.engine.sweep(request, silent)
    expect(agreements.map(({ one, other }) => `${one}-${other}`)).toEqual(['zero-mean', 'zero-resample', 'mean-resample'])
    for (const { correlation, differing } of agreements) {
      expect(correlation).toBeGreaterThan(-1)
      expect(correlation).toBeLessThan(1)
      expect(differing).toHaveLength(3)
    }
  })

  it('texts of other lengths, texts that are alike, and parts that are not there are refused', async () => {
    const question = { ...asked, map: 'heads', direction: 'denoise' } as const
    await expect(opened.engine.patching(question, silent)).rejects.toMatchObject({ kind: 'no-other-text' })
    await expect(opened.engine.patching({ ...question, reference: inputOf('The film.') }, silent)).rejects.toMatchObject({
      kind: 'other-length',
      data: { a: 10, b: 5 },
    })
    await expect(opened.engine.patching({ ...question, reference: inputOf(TEXT) }, silent)).rejects.toMatchObject({ kind: 'too-alike' })
    await expect(opened.engine.gates({ ...asked, kind: 'zero', gates: [off(6, 0)] }, silent)).rejects.toMatchObject({
      kind: 'no-such-part',
    })
    await expect(opened.engine.gates({ ...asked, kind: 'resample', gates: [off(0, 0)] }, silent)).rejects.toMatchObject({
      kind: 'no-other-text',
    })
    const other = { ...target, position: 3 }
    await expect(opened.engine.gates({ ...asked, target: other, kind: 'zero', gates: [] }, silent)).rejects.toMatchObject({
      kind: 'no-such-target',
    })
  })
})

interface ZooReference {
  readonly cases: readonly {
    readonly text: string
    readonly tokens: readonly string[]
    readonly target: { readonly index: readonly number[] }
    readonly head_ablation_effect: { readonly data: readonly number[] }
  }[]
}

const FAMILIES = ['bert', 'albert', 'distilbert', 'roberta', 'deberta_v2', 'modernbert', 'bert_mlm', 'gpt2', 'llama', 'qwen2', 'gpt_neox']

describe.each(FAMILIES)('%s', (family) => {
  let opened: OpenedEngine
  beforeAll(async () => {
    opened = await openEngine(folderPlace(`fixtures/zoo/${family}`, ['onnx/model.onnx']), 'onnx/model.onnx', false)
  })
  afterAll(() => opened.release())

  it('effects of heads switched off agree with PyTorch', async () => {
    const reference: ZooReference = readJson(`${family}/reference.json`)
    const [plain] = reference.cases
    if (plain === undefined) throw new Error('no case')
    const { index } = plain.target
    const { row } = await opened.run(inputOf(plain.text))
    expect(row.tokens.map(({ piece }) => piece)).toEqual(plain.tokens)
    const target = { index: index.at(-1) ?? 0, foil: null, position: index.length === 3 ? (index[1] ?? 0) : null, space: 'score' } as const
    const { untouched, kinds } = await opened.engine.sweep({ input: inputOf(plain.text), reference: null, target, kinds: ['zero'] }, silent)
    const effects = kinds[0]?.layers.flatMap(({ heads }) => heads.map((number) => untouched - number)) ?? []
    const { data } = plain.head_ablation_effect
    expect(effects).toHaveLength(data.length)
    expect(largest(effects.map((effect, at) => effect - (data[at] ?? Number.NaN)))).toBeLessThan(1e-3 * largest(data))
  })
})

/** Texts that differ in one token, the second of them. */
const PAIRS = [
  ['gpt2', 'the film is not the film', 20],
  ['llama', 'the film is not the film', 5],
  ['qwen2', 'the film is not the film', 5],
] as const

describe.each(PAIRS)('patching in %s', (family, text, index) => {
  let opened: OpenedEngine
  let reference: string
  let position: number
  let differing: number
  beforeAll(async () => {
    opened = await openEngine(folderPlace(`fixtures/zoo/${family}`, ['onnx/model.onnx']), 'onnx/model.onnx', false)
    const idsOf = async (of: string) => (await opened.run(inputOf(of))).row.tokens.map(({ id }) => id)
    const own = await idsOf(text)
    position = own.length - 1
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
      const changed = text.replace('f', letter)
      const ids = await idsOf(changed)
      const places = own.flatMap((id, at) => (ids[at] === id ? [] : [at]))
      if (ids.length !== own.length || places.length !== 1) continue
      reference = changed
      differing = places[0] ?? -1
    }
    expect(reference).toBeDefined()
  })
  afterAll(() => opened.release())
  const ask = (map: PatchMapId, direction: PatchDirection, heard: PatchedLayer[] = []) =>
    opened.engine.patching(
      { input: inputOf(text), reference: inputOf(reference), target: { index, foil: 7, position, space: 'score' }, map, direction },
      { signal: never, progress: (layer) => void heard.push(layer) },
    )

  it.each(PATCH_DIRECTIONS)('%s: the one token that differs is all before the first layer, the others are nothing', async (direction) => {
    const heard: PatchedLayer[] = []
    const found = await ask('residual', direction, heard)
    expect(heard).toEqual(found.layers)
    const { shares } = found.layers[0] ?? { shares: [] }
    expect(shares).toHaveLength(position + 1)
    for (const [at, share] of shares.entries()) expect(share).toBeCloseTo(at === differing ? 1 : 0, 4)
    // What comes before the token cannot know of it.
    for (const layer of found.layers) for (const share of layer.shares.slice(0, differing)) expect(share).toBeCloseTo(0, 4)
    expect(await ask('residual', direction)).toEqual(found)
  })

  it.each(PATCH_MAP_IDS)('%s: a cell for each position or head, in both directions', async (map) => {
    const [restored, harmed] = [await ask(map, 'denoise'), await ask(map, 'noise')]
    const columns = restored.groups?.length ?? position + 1
    for (const { layers, clean, corrupt } of [restored, harmed]) {
      expect(layers.map(({ numbers }) => numbers.length)).toEqual(new Array(opened.model.card.layers).fill(columns))
      expect(Math.abs(clean - corrupt)).toBeGreaterThan(0.1)
    }
    expect(largest(restored.layers.flatMap(({ shares }) => shares))).toBeGreaterThan(1e-3)
    expect(harmed.clean).toBeCloseTo(restored.clean, 5)
    if (map === 'keys' || map === 'values') expect(restored.groups?.flat()).toEqual([0, 1, 2, 3].slice(0, restored.groups?.flat().length))
  })
})
