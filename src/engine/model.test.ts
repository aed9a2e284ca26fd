import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PreparedInput, PreparedModel } from '#graph/prepare'
import type { Tensor } from '#tensor/tensor'
import type { BackendEnvironment } from './backend.ts'
import { type ModelFiles, startModel } from './model.ts'
import { rowOf } from './run.fixture.ts'
import type { Feeds } from './session.ts'

const prepared = vi.hoisted(() => ({ model: null as unknown }))
const tokenizerLimit = vi.hoisted(() => ({ maxTokens: 0 }))
vi.mock('#graph/prepare', () => ({ prepareModel: () => prepared.model }))
vi.mock('./tokenizer.ts', () => ({
  createTokenizer: (_json: object, _config: object, maxTokens: number) => {
    tokenizerLimit.maxTokens = maxTokens
    return { encode: rowOf, encodeWord: () => [], pieceOf: () => null, mask: { id: 103, piece: '[MASK]' }, maxTokens }
  },
}))

const FILES: ModelFiles = {
  name: 'toy',
  fingerprint: 'f',
  onnx: new Uint8Array(7),
  config: { model_type: 'bert', hidden_size: 4, max_position_embeddings: 512, id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' } },
  tokenizer: {},
  tokenizerConfig: { model_max_length: 128 },
  checked: 'hash',
  kept: 'yes',
}

function preparedWith(
  inputs: readonly (readonly [string, PreparedInput['elementType']])[],
  attentions: readonly string[] = ['att'],
): PreparedModel {
  return {
    bytes: new Uint8Array(),
    externalData: [],
    inputs: inputs.map(([name, elementType]) => ({ name, elementType, dims: [1, 'T'] })),
    outputs: { logits: 'logits', attentions, hiddenStates: [], embeddings: null },
    task: 'classifier',
    heads: 2,
    parameters: 42,
    isHalf: false,
    passes: [{ pass: 'tap', changes: [] }],
  }
}

/** A session that answers logits [1, 2] and attention of the dims that `shape` gives; keeps what it was fed. */
function environmentWith(shape: (tokens: number) => readonly number[] = (tokens) => [1, 2, tokens, tokens]) {
  const fed: Feeds[] = []
  const run = async (feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>> => {
    fed.push(feeds)
    const tokens = Object.values(feeds)[0]?.dims[1] ?? 0
    const attention = { dims: shape(tokens), data: new Float32Array(shape(tokens).reduce((size, dim) => size * dim, 1)) }
    return Object.fromEntries(
      outputs.map((name) => [name, name === 'logits' ? { dims: [1, 2], data: Float32Array.of(0, Math.log(3)) } : attention]),
    )
  }
  const environment: BackendEnvironment = {
    adapter: async () => 'no-webgpu',
    threads: 1,
    isolated: false,
    assets: null,
    notes: { read: async () => null, write: async () => undefined },
    loadRuntime: async () => ({ create: async () => ({ inputNames: [], run, release: async () => undefined }) }),
  }
  return { environment, fed }
}

const start = (
  files: Partial<ModelFiles> = {},
  environment = environmentWith().environment,
  onStage = (_stage: string): void => undefined,
) => startModel({ ...FILES, ...files }, 'auto', environment, onStage)

beforeEach(() => {
  prepared.model = preparedWith([['input_ids', 'int64']])
})

describe('a started model', () => {
  it('tells what it is', async () => {
    expect((await start()).card).toMatchObject({
      name: 'toy',
      family: 'bert',
      labels: ['NEGATIVE', 'POSITIVE'],
      layers: 1,
      heads: 2,
      hiddenSize: 4,
      maxTokens: 128,
      maskToken: '[MASK]',
      fileBytes: 7,
      parameters: 42,
      backend: { backend: 'wasm', reason: 'no-webgpu' },
      passes: [{ pass: 'tap' }],
    })
  })

  it('goes through its stages in order', async () => {
    const stages: string[] = []
    await start({}, environmentWith().environment, (stage) => stages.push(stage))
    expect(stages).toEqual(['prepare', 'start'])
  })

  it('runs a row: probabilities are the softmax of the logits', async () => {
    const model = await start()
    const run = await model.run(rowOf('not bad'))
    expect(Array.from(run.prediction.probabilities, (value) => value.toFixed(4))).toEqual(['0.2500', '0.7500'])
    expect(run.attention).toMatchObject({ tokens: 4, layers: [{ heads: 2, data: { length: 32 } }] })
    expect([run.precomputed, run.row]).toEqual([false, rowOf('not bad')])
  })

  it('counts heads of attention that folds batch and heads into one dimension', async () => {
    const model = await start({}, environmentWith((tokens) => [2, tokens, tokens]).environment)
    expect(model.card.heads).toBe(2)
    expect((await model.run(rowOf('a b c d e'))).attention.layers[0]?.heads).toBe(2)
  })

  it('feeds each input what its name asks for, in its element type', async () => {
    prepared.model = preparedWith([
      ['input_ids', 'int32'],
      ['attention_mask', 'float32'],
      ['token_type_ids', 'int64'],
      ['position_ids', 'int64'],
    ])
    const { environment, fed } = environmentWith()
    const model = await start({}, environment)
    await model.run(rowOf('a'))
    const ids = rowOf('a').tokens.map(({ id }) => id)
    expect(fed.at(-1)).toEqual({
      input_ids: { dims: [1, 3], data: Int32Array.from(ids) },
      attention_mask: { dims: [1, 3], data: Float32Array.of(1, 1, 1) },
      token_type_ids: { dims: [1, 3], data: BigInt64Array.of(0n, 0n, 0n) },
      position_ids: { dims: [1, 3], data: BigInt64Array.of(0n, 1n, 2n) },
    })
  })

  it.each([
    ['pixel_values', 'float32'],
    ['constructor', 'int64'],
    ['__proto__', 'int64'],
    ['attention_mask', 'float16'],
  ] as const)('refuses an input %s of type %s by its name', async (name, elementType) => {
    prepared.model = preparedWith([[name, elementType]])
    await expect(start()).rejects.toMatchObject({ kind: 'unknown-input', data: { name } })
  })

  it('names classes that the configuration does not', async () => {
    expect((await start({ config: {} })).card).toMatchObject({ labels: ['class 0', 'class 1'], family: 'unknown', hiddenSize: 0 })
  })

  it.each([
    [{ max_position_embeddings: 64 }, { model_max_length: 128 }, 64],
    [{ max_position_embeddings: 512 }, { model_max_length: 1e30 }, 512],
    [{}, { model_max_length: 1e30 }, 512],
    [{}, {}, 512],
  ])('takes the smallest length that is stated (%j, %j)', async (config, tokenizerConfig, expected) => {
    expect((await start({ config, tokenizerConfig })).card.maxTokens).toBe(expected)
    expect(tokenizerLimit.maxTokens).toBe(expected)
  })

  it.each([
    ['config.json', { config: 'text' }],
    ['config.json', { config: { hidden_size: 'wide' } }],
    ['tokenizer_config.json', { tokenizerConfig: null }],
    ['tokenizer.json', { tokenizer: null }],
  ])('refuses a damaged %s by its name', async (file, files) => {
    await expect(start(files)).rejects.toMatchObject({ kind: 'bad-config', data: { file } })
  })
})
