// A file of the zoo whose inputs are made to state 16 tokens, or rows, against the same file with open ones.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Dimension } from '#graph/ir/graph'
import { readModel } from '#graph/proto/read'
import { writeModel } from '#graph/proto/write'
import { type LoadedModel, startModel } from '../model/model.ts'
import { loadRuntime } from '../runtime/session.ts'
import { fixedRowsOf } from './fixed-rows.ts'

const folder = 'fixtures/zoo/bert'
const json = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))

/** @param dims of all inputs; null for those of the file */
async function open(file: string, dims: readonly Dimension[] | null): Promise<LoadedModel> {
  const bytes = new Uint8Array(readFileSync(`${folder}/onnx/${file}`))
  const { model } = readModel(bytes)
  const inputs = model.graph.inputs.map(({ name, elementType }) => ({ name, elementType, dims }))
  const environment = {
    adapter: async () => 'no-webgpu' as const,
    threads: 1,
    isolated: false,
    memory: null,
    assets: null,
    notes: { read: async () => null, write: async () => undefined },
    loadRuntime,
  }
  return startModel(
    {
      name: 'bert',
      fingerprint: '',
      file,
      onnx: dims === null ? bytes : writeModel({ ...model, graph: { ...model.graph, inputs } }),
      external: () => undefined,
      fileBytes: bytes.length,
      config: json('config.json'),
      tokenizer: json('tokenizer.json'),
      tokenizerConfig: json('tokenizer_config.json'),
      chatTemplate: null,
      license: null,
      checked: 'not',
      kept: 'own',
    },
    { backend: 'wasm', weights: 'packed', gradients: 'yes' },
    environment,
    () => undefined,
  )
}

/** What a model says of a text in every way it is asked. */
async function answersOf(model: LoadedModel, text: string): Promise<readonly number[][]> {
  const row = model.tokenizer.encode(text)
  const { attention, prediction, state } = await model.run(row)
  const target = { index: 0, foil: null, position: null, space: 'score' } as const
  const gradients = model.runsOf?.(row, target)
  const input = await gradients?.input()
  const inside = await gradients?.attention()
  const point = await gradients?.gradients([input?.embeddings ?? new Float32Array()])
  const zeroed = await model.statesOf?.(row).withZeroedValue(1, [1])
  const blocks = await model.path?.blocks(row, 1)
  const heads = await model.path?.heads(row, 1)
  const parts = [
    'logits' in prediction ? prediction.logits : [],
    state ?? [],
    ...attention.layers.map(({ data }) => data),
    input?.gradient ?? [],
    input?.embeddings ?? [],
    point?.[0]?.gradient ?? [],
    ...(inside?.layers.flatMap(({ values, gradient }) => [values, gradient]) ?? []),
    ...(zeroed ?? []),
    ...(blocks?.layers.flatMap(({ attention: adds, mlp, written }) => [adds ?? [], mlp ?? [], written ?? []]) ?? []),
    ...(heads === undefined ? [] : [heads.query.data, heads.key.data, heads.value.data, heads.output.data, heads.scores]),
  ]
  return parts.map((part) => Array.from(part))
}

describe('a file of stated sizes', { timeout: 120_000 }, () => {
  it.each<readonly [string, readonly Dimension[]]>([
    ['16 tokens of one row', [1, 16]],
    ['two rows', [2, 'tokens']],
    ['two rows of 16 tokens', [2, 16]],
    ['sizes written as 0 and -1', [0, -1]],
  ])('of %s answers as the open one does', async (_title, dims) => {
    const free = await open('model.onnx', null)
    const theirs = await answersOf(free, 'not bad')
    const fixed = await open('model.onnx', dims)
    expect(fixed.card.maxTokens).toBe(dims[1] === 16 ? 16 : 64)
    expect([fixed.card.baselines, fixed.card.removals]).toEqual([free.card.baselines, free.card.removals])
    const ours = await answersOf(fixed, 'not bad')
    expect(ours.map(({ length }) => length)).toEqual(theirs.map(({ length }) => length))
    const others = theirs.flat()
    const gaps = ours.flat().map((value, at) => Math.abs(value - (others[at] ?? Number.NaN)))
    expect(Math.max(...gaps)).toBeLessThan(2e-5)
    expect(ours.length).toBeGreaterThan(8)
  })

  it('cuts a text at the stated length', async () => {
    const fixed = await open('model.onnx', [1, 16])
    const row = fixed.tokenizer.encode('many words that go on and on until no place is left for them at all')
    expect(row.tokens).toHaveLength(16)
    expect((await fixed.run(row)).attention.tokens).toBe(16)
  })

  it('is refused without a mask', () => {
    const inputs = [{ name: 'input_ids', elementType: 'int64' as const, dims: [1, 16] }]
    expect(() => fixedRowsOf(inputs)).toThrow(expect.objectContaining({ kind: 'fixed-length', data: { length: 16 } }))
  })
})
