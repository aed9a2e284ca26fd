import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PreparedInput, PreparedModel } from '#graph/prepare'
import type { ClassAnswer } from '#protocol/prediction'
import type { Tensor } from '#tensor/tensor'
import type { BackendEnvironment } from '../runtime/backend.ts'
import type { Feeds } from '../runtime/session.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { type ModelFiles, startModel } from './model.ts'

const prepared = vi.hoisted(() => ({ model: null as unknown }))
const tokenizerLimit = vi.hoisted(() => ({ maxTokens: 0, size: 0 }))
vi.mock('#graph/prepare', () => ({ openModel: () => null, tapModel: () => prepared.model, writeInstrumented: () => prepared.model }))
vi.mock('#autodiff/add-gradients', async () => {
  const { GradientError } = await import('#autodiff/gradient-error')
  return {
    addGradients: () => {
      throw new GradientError({ kind: 'no-gradient-rule', operators: ['Odd'] })
    },
  }
})
vi.mock('../text/tokenizer.ts', () => ({
  createTokenizer: (_json: object, _config: object, maxTokens: number) => {
    tokenizerLimit.maxTokens = maxTokens
    return {
      encode: rowOf,
      encodeChat: rowOf,
      encodeWord: () => [],
      pieceOf: (id: number) => `piece ${id}`,
      labelOf: (id: number) => `label ${id}`,
      size: tokenizerLimit.size,
      hasChat: false,
      mask: { id: rowOf('[MASK]').tokens[1]?.id ?? 0, piece: '[MASK]' },
      maxTokens,
    }
  },
}))

const FILES: ModelFiles = {
  name: 'toy',
  fingerprint: 'f',
  file: 'onnx/model.onnx',
  onnx: new Uint8Array(7),
  external: () => undefined,
  fileBytes: 7,
  config: { model_type: 'bert', hidden_size: 4, max_position_embeddings: 512, id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' } },
  tokenizer: {},
  tokenizerConfig: { model_max_length: 128 },
  chatTemplate: null,
  license: 'apache-2.0',
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
    vocabulary: null,
    positionsInput: null,
    weights: { parameters: 42, precision: ['float32'], bytes: 168, unpackedBytes: 168 },
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
    memory: null,
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
) => startModel({ ...FILES, ...files }, { backend: 'auto', weights: 'auto', gradients: 'yes' }, environment, onStage)

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
      gradients: { missing: ['Odd'] },
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
    expect(run.prediction).toMatchObject({ kind: 'classes', activation: 'softmax', labels: ['NEGATIVE', 'POSITIVE'] })
    const { probabilities } = run.prediction as ClassAnswer
    expect(Array.from(probabilities, (value) => value.toFixed(4))).toEqual(['0.2500', '0.7500'])
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

/** A model whose answer has a row of scores for each token, or each position that it is asked about. */
function languageModel({ causal, positionsInput = null }: { readonly causal: boolean; readonly positionsInput?: string | null }) {
  const fed: Feeds[] = []
  prepared.model = { ...preparedWith([['input_ids', 'int64']]), task: 'token-logits', positionsInput, vocabulary: 2_000_000 }
  const run = async (feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>> => {
    fed.push(feeds)
    const tokens = feeds.input_ids?.dims[1] ?? 0
    const asked =
      positionsInput === null ? Array.from({ length: tokens }, (_, at) => at) : Array.from(feeds[positionsInput]?.data ?? [], Number)
    const logits = { dims: [1, asked.length, 3], data: Float32Array.from(asked.flatMap((position) => [position, 0, 0])) }
    const data = Float32Array.from({ length: 2 * tokens * tokens }, (_, at) =>
      causal && at % tokens > Math.floor(at / tokens) % tokens ? 0 : 1,
    )
    return Object.fromEntries(outputs.map((name) => [name, name === 'logits' ? logits : { dims: [1, 2, tokens, tokens], data }]))
  }
  const { environment } = environmentWith()
  const loadRuntime = async () => ({ create: async () => ({ inputNames: [], run, release: async () => undefined }) })
  return { start: () => start({}, { ...environment, loadRuntime }), fed }
}

describe('a language model', () => {
  it.each([null, 'positions'])('answers what comes next after its last token (positions asked by %s)', async (positionsInput) => {
    const { start: begin, fed } = languageModel({ causal: true, positionsInput })
    const model = await begin()
    expect(model.card.task).toBe('causal-lm')
    const { prediction } = await model.run(rowOf('one two'))
    expect(prediction).toMatchObject({
      kind: 'tokens',
      asks: 'next',
      positions: [{ position: 3, candidates: [{ id: 0, logit: 3 }, {}, {}] }],
    })
    if (positionsInput !== null) expect(fed.at(-1)?.[positionsInput]).toEqual({ dims: [1], data: BigInt64Array.of(3n) })
    expect(await model.answerAt(rowOf('one two'), 1)).toMatchObject({ position: 1, candidates: [{ id: 0, logit: 1 }, {}, {}] })
    expect(await model.answerAt(rowOf('one two'), 9)).toBeNull()
  })

  it.each([null, 'positions'])('that looks ahead is asked about its masks (positions asked by %s)', async (positionsInput) => {
    const model = await languageModel({ causal: false, positionsInput }).start()
    expect(model.card.task).toBe('masked-lm')
    const masked = await model.run(rowOf('one [MASK] two [MASK]'))
    expect(masked.prediction).toMatchObject({
      asks: 'fill',
      positions: [{ position: 2, candidates: [{ logit: 2 }, {}, {}] }, { position: 4 }],
    })
    expect((await model.run(rowOf('none'))).prediction).toMatchObject({ kind: 'tokens', positions: [] })
  })
})

describe('a tokenizer', () => {
  it('of another model is refused, one with a few tokens too many is not', async () => {
    prepared.model = { ...preparedWith([['input_ids', 'int64']]), vocabulary: 2_000_000 }
    tokenizerLimit.size = 3_000_000
    await expect(start()).rejects.toMatchObject({ kind: 'wrong-tokenizer', data: { tokens: 3_000_000, vocabulary: 2_000_000 } })
    tokenizerLimit.size = 2_000_002
    await expect(start()).resolves.toBeDefined()
    tokenizerLimit.size = 0
  })

  it('whose token the model does not know fails with its spelling', async () => {
    prepared.model = { ...preparedWith([['input_ids', 'int64']]), vocabulary: 10 }
    await expect(start()).rejects.toMatchObject({ kind: 'token-unknown-to-model', data: { vocabulary: 10 } })
  })

  it('that gives no token for a text fails, too', async () => {
    const model = await start()
    await expect(model.run({ ...rowOf(''), tokens: [] })).rejects.toMatchObject({ kind: 'nothing-to-read' })
  })
})
