// Starting a model that is built here, with a tokenizer of a few words, on a runtime that answers what the test says.

import { describe, expect, it } from 'vitest'
import type { ClassAnswer } from '#answers/classes'
import type { InputType } from '#graph/model-inputs'
import { prepareModel } from '#graph/prepare'
import { ModelBuilder } from '#graph/testing/build'
import { sizeOf, type Tensor } from '#tensor/tensor'
import { perturbed } from '../passes/perturbed-row.ts'
import type { BackendEnvironment, Wishes } from '../runtime/backend.ts'
import type { Feeds } from '../runtime/session.ts'
import { tokenizerOf, WORDS } from '../testing/small-model.fixture.ts'
import { type ModelFiles, startModel } from './model.ts'

const VOCABULARY = 100
const [HEADS, WIDTH] = [2, 8]

type Input = readonly [name: string, type: InputType]
const IDS: Input = ['input_ids', 'int64']

/**
 * One layer of attention over [B,T] ids.
 * @param inputs the first are the ids, the others are not looked at
 * @param answer classes of the first token through an operator without gradient, or scores of the vocabulary for each token, by a head that
 *   acts on each by itself or on sums of them
 */
function build(inputs: readonly Input[], answer: 'classes' | 'tokens' | 'summed tokens'): Uint8Array {
  const b = new ModelBuilder()
  const [ids = ''] = inputs.map(([name, type]) => b.input(name, type, ['batch', 'tokens']))
  const linear = (x: string, to: number) => b.op('MatMul', [x, b.float([WIDTH, to])])
  const heads = (x: string, perm: readonly number[]) =>
    b.op('Transpose', [b.op('Reshape', [linear(x, WIDTH), b.int64([4], [0, 0, HEADS, WIDTH / HEADS])])], { perm })
  const words = b.op('Gather', [b.float([VOCABULARY, WIDTH]), ids])
  const probabilities = b.op('Softmax', [b.op('MatMul', [heads(words, [0, 2, 1, 3]), heads(words, [0, 2, 3, 1])])], { axis: -1 })
  const context = b.op('Transpose', [b.op('MatMul', [probabilities, heads(words, [0, 2, 1, 3])])], { perm: [0, 2, 1, 3] })
  const state = b.op('Add', [words, linear(b.op('Reshape', [context, b.int64([3], [0, 0, WIDTH])]), WIDTH)])
  if (answer === 'classes') {
    b.output(linear(b.op('Selu', [b.op('Gather', [state, b.int64([], [0])], { axis: 1 })]), 2))
  } else {
    b.output(linear(answer === 'tokens' ? state : b.op('CumSum', [state, b.int64([], [1])]), VOCABULARY))
  }
  return b.bytes()
}

const CONFIG = { model_type: 'bert', hidden_size: 4, max_position_embeddings: 512, id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' } }
const TOKENIZER_CONFIG = { model_max_length: 128, mask_token: '[MASK]', pad_token: '[PAD]', sep_token: '[SEP]' }

/** What the runtime answers to a row of tokens. */
interface Answers {
  readonly logits: (feeds: Feeds, tokens: number) => Tensor
  readonly attention: (tokens: number) => Tensor
}

const zeros = (dims: readonly number[]): Tensor => ({ dims, data: new Float32Array(sizeOf(dims)) })
const CLASSES: Answers = {
  logits: () => ({ dims: [1, 2], data: Float32Array.of(0, Math.log(3)) }),
  attention: (tokens) => zeros([1, HEADS, tokens, tokens]),
}

function setUp(onnx: Uint8Array, answers: Answers, wishes: Wishes) {
  const { logits, attentions } = prepareModel(onnx).outputs
  const fed: Feeds[] = []
  const run = async (feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>> => {
    fed.push(feeds)
    const tokens = feeds.input_ids?.dims[1] ?? 0
    const answerTo = (name: string): Tensor => {
      if (name === logits) return answers.logits(feeds, tokens)
      return attentions.includes(name) ? answers.attention(tokens) : zeros([1, tokens, WIDTH])
    }
    return Object.fromEntries(outputs.map((name) => [name, answerTo(name)]))
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
  const start = (files: Partial<ModelFiles> = {}, onStage: (stage: string) => void = () => undefined) =>
    startModel(
      {
        name: 'toy',
        fingerprint: 'f',
        file: 'onnx/model.onnx',
        onnx,
        external: () => undefined,
        fileBytes: 7,
        config: CONFIG,
        tokenizer: tokenizerOf(VOCABULARY),
        tokenizerConfig: TOKENIZER_CONFIG,
        chatTemplate: null,
        license: 'apache-2.0',
        checked: 'hash',
        kept: 'yes',
        ...files,
      },
      wishes,
      environment,
      onStage,
    )
  return { start, fed }
}

const classifier = (inputs: readonly Input[] = [IDS], answers: Partial<Answers> = {}) =>
  setUp(build(inputs, 'classes'), { ...CLASSES, ...answers }, { backend: 'auto', weights: 'auto', gradients: 'yes' })

describe('a started model', () => {
  it('tells what it is', async () => {
    const { parameters } = prepareModel(build([IDS], 'classes')).weights
    expect(parameters).toBeGreaterThan(VOCABULARY * WIDTH)
    expect((await classifier().start()).card).toMatchObject({
      name: 'toy',
      family: 'bert',
      task: 'classifier',
      labels: ['NEGATIVE', 'POSITIVE'],
      layers: 1,
      heads: 2,
      hiddenSize: 4,
      maxTokens: 128,
      vocabulary: VOCABULARY,
      maskToken: '[MASK]',
      separatorToken: '[SEP]',
      fileBytes: 7,
      parameters,
      backend: { backend: 'wasm', reason: 'no-webgpu' },
      gradients: { missing: ['Selu'] },
      passes: expect.arrayContaining([expect.objectContaining({ pass: 'expose-attention' })]),
    })
  })

  it('goes through its stages in order', async () => {
    const stages: string[] = []
    await classifier().start({}, (stage) => stages.push(stage))
    expect(stages).toEqual(['prepare', 'start'])
  })

  it('runs a row: probabilities are the softmax of the logits', async () => {
    const model = await classifier().start()
    const row = model.tokenizer.encode('not bad')
    const run = await model.run(row)
    expect(run.prediction).toMatchObject({ kind: 'classes', activation: 'softmax', labels: ['NEGATIVE', 'POSITIVE'] })
    const { probabilities } = run.prediction as ClassAnswer
    expect(Array.from(probabilities, (value) => value.toFixed(4))).toEqual(['0.2500', '0.7500'])
    expect(run.attention).toMatchObject({ tokens: 4, layers: [{ heads: 2, data: { length: 32 } }] })
    expect([run.precomputed, run.row]).toEqual([false, row])
  })

  it('counts heads of attention that folds batch and heads into one dimension', async () => {
    const model = await classifier([IDS], { attention: (tokens) => zeros([HEADS, tokens, tokens]) }).start()
    expect(model.card.heads).toBe(2)
    expect((await model.run(model.tokenizer.encode('a b c d e'))).attention.layers[0]?.heads).toBe(2)
  })

  it('feeds each input what its name asks for, in its element type', async () => {
    const { start, fed } = classifier([
      ['input_ids', 'int32'],
      ['attention_mask', 'float32'],
      ['token_type_ids', 'int64'],
      ['position_ids', 'int64'],
    ])
    const model = await start()
    await model.run(model.tokenizer.encode('a'))
    expect(fed.at(-1)).toEqual({
      input_ids: { dims: [1, 3], data: Int32Array.from(['[CLS]', 'a', '[SEP]'], (word) => WORDS.indexOf(word)) },
      attention_mask: { dims: [1, 3], data: Float32Array.of(1, 1, 1) },
      token_type_ids: { dims: [1, 3], data: BigInt64Array.of(0n, 0n, 0n) },
      position_ids: { dims: [1, 3], data: BigInt64Array.of(0n, 1n, 2n) },
      // Ports at rest: every value vector as it is, and nothing asked of blocks and heads.
      'innerscope.value_mask_0': { dims: [1, 1], data: Float32Array.of(1) },
      'innerscope.blocks': { dims: [1], data: Uint8Array.of(0), type: 'bool' },
      'innerscope.written_at': { dims: [1], data: BigInt64Array.of(0n) },
      'innerscope.heads_0': { dims: [1], data: Uint8Array.of(0), type: 'bool' },
    })
  })

  it('feeds the types that the template names, and positions as the family counts them', async () => {
    const { start, fed } = classifier([IDS, ['token_type_ids', 'int64'], ['position_ids', 'int64']])
    const tokenizer = tokenizerOf(VOCABULARY, { '[CLS]': 2, text: 1 })
    const model = await start({ tokenizer, config: { model_type: 'roberta', pad_token_id: 0 } })
    const row = model.tokenizer.encode('a b')
    await model.run(row)
    const given = { token_type_ids: { data: BigInt64Array.of(2n, 1n, 1n, 0n) }, position_ids: { data: BigInt64Array.of(1n, 2n, 3n, 4n) } }
    expect(fed.at(-1)).toMatchObject(given)
    await model.forwardOf?.({ index: 0, foil: null, position: null, space: 'score' }).outputs([perturbed(row, null)])
    expect(fed.at(-1)).toMatchObject(given)
  })

  it.each([
    ['pixel_values', 'float32'],
    ['constructor', 'int64'],
    ['__proto__', 'int64'],
    ['attention_mask', 'float16'],
  ] as const)('refuses an input %s of type %s by its name', async (name, elementType) => {
    await expect(classifier([IDS, [name, elementType]]).start()).rejects.toMatchObject({ kind: 'unknown-input', data: { name } })
  })

  it('names classes that the configuration does not', async () => {
    const { card } = await classifier().start({ config: {} })
    expect(card).toMatchObject({ labels: ['class 0', 'class 1'], family: 'unknown', hiddenSize: 0 })
  })

  it.each([
    [{ max_position_embeddings: 64 }, { model_max_length: 128 }, 64],
    [{ max_position_embeddings: 512 }, { model_max_length: 1e30 }, 512],
    [{}, { model_max_length: 1e30 }, 512],
    [{}, {}, 512],
  ])('takes the smallest length that is stated (%j, %j)', async (config, tokenizerConfig, expected) => {
    const { card, tokenizer } = await classifier().start({ config, tokenizerConfig })
    expect(card.maxTokens).toBe(expected)
    expect(tokenizer.maxTokens).toBe(expected)
  })

  it.each([
    ['config.json', { config: 'text' }],
    ['config.json', { config: ['bert'] }],
    ['tokenizer_config.json', { tokenizerConfig: null }],
    ['tokenizer.json', { tokenizer: null }],
  ])('refuses a damaged %s by its name', async (file, files) => {
    await expect(classifier().start(files)).rejects.toMatchObject({ kind: 'bad-config', data: { file } })
  })
})

const POSITIONS = 'innerscope.positions'

/** A model whose answer has a row of scores for each token, or each position that it is asked about. */
function languageModel({ causal, positionsInput }: { readonly causal: boolean; readonly positionsInput: string | null }) {
  const logits: Answers['logits'] = (feeds, tokens) => {
    const asked =
      positionsInput === null ? Array.from({ length: tokens }, (_, at) => at) : Array.from(feeds[positionsInput]?.data ?? [], Number)
    return { dims: [1, asked.length, 3], data: Float32Array.from(asked.flatMap((position) => [position, 0, 0])) }
  }
  const attention: Answers['attention'] = (tokens) => ({
    dims: [1, HEADS, tokens, tokens],
    data: Float32Array.from({ length: HEADS * tokens * tokens }, (_, at) =>
      causal && at % tokens > Math.floor(at / tokens) % tokens ? 0 : 1,
    ),
  })
  const onnx = build([IDS], positionsInput === null ? 'summed tokens' : 'tokens')
  return setUp(onnx, { logits, attention }, { backend: 'auto', weights: 'auto' })
}

describe('a language model', () => {
  it.each([null, POSITIONS])('answers what comes next after its last token (positions asked by %s)', async (positionsInput) => {
    const { start, fed } = languageModel({ causal: true, positionsInput })
    const model = await start()
    expect(model.card.task).toBe('causal-lm')
    const row = model.tokenizer.encode('one two')
    const { prediction } = await model.run(row)
    expect(prediction).toMatchObject({
      kind: 'tokens',
      asks: 'next',
      positions: [{ position: 3, candidates: [{ id: 0, logit: 3 }, {}, {}] }],
    })
    if (positionsInput !== null) expect(fed.at(-1)?.[positionsInput]).toEqual({ dims: [1], data: BigInt64Array.of(3n) })
    expect(await model.answerAt(row, 1)).toMatchObject({ position: 1, candidates: [{ id: 0, logit: 1 }, {}, {}] })
    expect(await model.answerAt(row, 9)).toBeNull()
  })

  it.each([null, POSITIONS])('that looks ahead is asked about its masks (positions asked by %s)', async (positionsInput) => {
    const model = await languageModel({ causal: false, positionsInput }).start()
    expect(model.card.task).toBe('masked-lm')
    const masked = await model.run(model.tokenizer.encode('one [MASK] two [MASK]'))
    expect(masked.prediction).toMatchObject({
      asks: 'fill',
      positions: [{ position: 2, candidates: [{ logit: 2 }, {}, {}] }, { position: 4 }],
    })
    expect((await model.run(model.tokenizer.encode('a'))).prediction).toMatchObject({ kind: 'tokens', positions: [] })
  })
})

describe('a tokenizer', () => {
  it('of another model is refused, one with a few tokens too many is not', async () => {
    const { start } = classifier()
    const data = { tokens: 150, vocabulary: VOCABULARY }
    await expect(start({ tokenizer: tokenizerOf(150) })).rejects.toMatchObject({ kind: 'wrong-tokenizer', data })
    await expect(start({ tokenizer: tokenizerOf(102) })).resolves.toBeDefined()
  })

  it('whose token the model does not know fails with its spelling', async () => {
    const model = await classifier().start({ tokenizer: tokenizerOf(102) })
    const data = { piece: 'word101', id: 101, vocabulary: VOCABULARY }
    await expect(model.run(model.tokenizer.encode('not word101'))).rejects.toMatchObject({ kind: 'token-unknown-to-model', data })
  })

  it('that gives no token for a text fails, too', async () => {
    const model = await classifier().start()
    const row = model.tokenizer.encode('')
    await expect(model.run({ ...row, tokens: [] })).rejects.toMatchObject({ kind: 'nothing-to-read' })
  })
})
