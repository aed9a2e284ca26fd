import { readFileSync } from 'node:fs'
import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { floatToHalf } from '#tensor/half'
import { numbersOf } from './ir/constant.ts'
import { GraphError } from './ir/errors.ts'
import type { Initializer } from './ir/graph.ts'
import { type PreparedModel, prepareModel } from './prepare.ts'
import { writeModel } from './proto/write.ts'
import { ModelBuilder, node } from './testing/build.ts'
import { tinyTransformer } from './testing/tiny-transformer.ts'

const MODEL = 'public/models/minilm-sst2/onnx/model_quantized.onnx'
const REFERENCE = 'fixtures/minilm-reference.json'

interface ReferenceTensor {
  readonly dims: readonly number[]
  readonly data: readonly number[]
}

interface ReferenceItem {
  readonly text: string
  readonly ids: readonly number[]
  readonly logits: ReferenceTensor
  readonly attentions: ReferenceTensor
  readonly hidden_state_norms: ReferenceTensor
  readonly last_hidden_cls: ReferenceTensor
}

const reference: { readonly items: readonly ReferenceItem[] } = JSON.parse(readFileSync(REFERENCE, 'utf8'))

ort.env.wasm.numThreads = 1

function start({ bytes, externalData }: PreparedModel): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    externalData: externalData.map(({ path, data }) => ({ path, data })),
    graphOptimizationLevel: 'all',
  })
}

function floats(results: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = results[name]?.data
  if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`)
  return data
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((largest, value, place) => Math.max(largest, Math.abs(value - (b[place] ?? Number.NaN))), 0)
}

const ints = (values: ArrayLike<number>) => new ort.Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), [1, values.length])

describe('prepareModel on MiniLM', () => {
  const file = new Uint8Array(readFileSync(MODEL))
  const prepared = prepareModel(file)
  const results = new Map<
    string,
    { readonly tapped: ort.InferenceSession.OnnxValueMapType; readonly plain: ort.InferenceSession.OnnxValueMapType }
  >()

  beforeAll(async () => {
    const tapped = await start(prepared)
    const plain = await start(prepareModel(file, { expose: false }))
    for (const { text, ids } of reference.items) {
      const feeds = { input_ids: ints(ids), attention_mask: ints(ids.map(() => 1)), token_type_ids: ints(ids.map(() => 0)) }
      results.set(text, { tapped: await tapped.run(feeds), plain: await plain.run(feeds) })
    }
    await Promise.all([tapped.release(), plain.release()])
  }, 60_000)

  function runOf(text: string) {
    const run = results.get(text)
    if (run === undefined) throw new Error(`no run of ${text}`)
    return run
  }

  it('describes the model', () => {
    expect(prepared.heads).toBe(12)
    expect(prepared.outputs.attentions).toHaveLength(6)
    expect(prepared.outputs.hiddenStates).toHaveLength(7)
    expect(prepared.inputs.map(({ name, elementType }) => [name, elementType])).toEqual([
      ['input_ids', 'int64'],
      ['attention_mask', 'int64'],
      ['token_type_ids', 'int64'],
    ])
    expect(prepared.passes.map(({ pass }) => pass)).toEqual([
      'hoist-constants',
      'raise-opset',
      'drop-copies',
      'fold-constants',
      'drop-unused',
      'fold-weights',
      'expose-attention',
      'expose-hidden-states',
      'expose-embeddings',
    ])
  })

  it('counts 384-wide BERT of 6 layers with 2 classes', () => {
    const [width, inner, layers, classes] = [384, 1536, 6, 2]
    const linear = (from: number, to: number) => from * to + to
    const norm = 2 * width
    const embeddings = (30_522 + 512 + 2) * width + norm
    const layer = 4 * linear(width, width) + linear(width, inner) + linear(inner, width) + 2 * norm
    const weights = embeddings + layers * layer + linear(width, width) + linear(width, classes)
    expect(prepared.weights.parameters).toBe(weights)
  })

  it('writes a small graph that points into the file, which is not copied', () => {
    expect(prepared.bytes.length).toBeLessThan(200_000)
    expect(prepared.externalData).toHaveLength(2)
    expect(prepared.externalData[0]?.data).toBe(file)
  })

  it.each(reference.items)(
    'agrees with PyTorch: $text',
    ({ text, logits, attentions, hidden_state_norms: norms, last_hidden_cls: last }) => {
      const { tapped } = runOf(text)
      const { outputs } = prepared
      expect(largestDifference(floats(tapped, outputs.logits), logits.data)).toBeLessThan(1e-4)

      const size = attentions.data.length / outputs.attentions.length
      for (const [layer, name] of outputs.attentions.entries()) {
        expect(tapped[name]?.dims).toEqual([1, ...attentions.dims.slice(1)])
        expect(largestDifference(floats(tapped, name), attentions.data.slice(layer * size, (layer + 1) * size))).toBeLessThan(1e-5)
      }

      const [, tokens = 0] = norms.dims
      for (const [layer, name] of outputs.hiddenStates.entries()) {
        const values = floats(tapped, name)
        const width = values.length / tokens
        for (let token = 0; token < tokens; token++) {
          const norm = Math.hypot(...values.subarray(token * width, (token + 1) * width))
          const expected = norms.data[layer * tokens + token] ?? Number.NaN
          expect(Math.abs(norm - expected) / expected).toBeLessThan(1e-3)
        }
      }
      const final = floats(tapped, outputs.hiddenStates.at(-1) ?? '')
      expect(largestDifference(final.subarray(0, last.data.length), last.data)).toBeLessThan(1e-4)
    },
  )

  it.each(reference.items)('answers the same bits with and without taps: $text', ({ text }) => {
    const { tapped, plain } = runOf(text)
    const bits = (run: ort.InferenceSession.OnnxValueMapType) => new Uint32Array(floats(run, prepared.outputs.logits).slice().buffer)
    expect(bits(tapped)).toEqual(bits(plain))
    expect(Object.keys(plain)).toEqual(['logits'])
  })
})

function halved(constant: Initializer): Initializer {
  const numbers = constant.elementType === 'float32' ? numbersOf(constant) : null
  if (numbers === null) return constant
  const bytes = new Uint8Array(Uint16Array.from(Array.from(numbers), floatToHalf).buffer)
  return { ...constant, elementType: 'float16', storage: { kind: 'bytes', bytes } }
}

describe('prepareModel on built models', () => {
  const encoder = () => tinyTransformer({ layers: 2, blocks: 'post-norm', norm: 'LayerNormalization' })

  it('names what it taps', () => {
    const { builder, probabilities, hiddenStates } = encoder()
    const { outputs, heads } = prepareModel(builder.bytes())
    expect(outputs).toMatchObject({ attentions: probabilities, hiddenStates })
    expect(heads).toBe(2)
  })

  it('runs, and attention rows sum to 1', async () => {
    const prepared = prepareModel(encoder().builder.bytes())
    const session = await start(prepared)
    const results = await session.run({ ids: ints([1, 5, 10]) })
    for (const name of prepared.outputs.attentions) {
      const values = floats(results, name)
      for (let row = 0; row < values.length; row += 3) {
        expect(values.subarray(row, row + 3).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6)
      }
    }
    await session.release()
  })

  it('gives an output that is tapped already only once', () => {
    const { builder, probabilities } = encoder()
    builder.output(probabilities[0] ?? '')
    expect(prepareModel(builder.bytes()).outputs.attentions).toEqual(probabilities)
  })

  it('answers with the output that all layers lead to, and leaves caches out', () => {
    const { builder } = encoder()
    const { graph, ...rest } = builder.model()
    const cache = graph.nodes.find(({ opType }) => opType === 'MatMul')?.outputs[0] ?? ''
    const first = { name: cache, elementType: 'float32', dims: null } as const
    const prepared = prepareModel(writeModel({ ...rest, graph: { ...graph, outputs: [first, ...graph.outputs] } }))
    expect(prepared.outputs.logits).toBe(graph.outputs[0]?.name)
    expect(prepared.task).toBe('classifier')
    expect(prepared.passes).toContainEqual({ pass: 'select-output', changes: ['left out 1 other outputs'] })
  })

  it('refuses a file that takes one token at a time', () => {
    const { builder } = encoder()
    const { graph, ...rest } = builder.model()
    const inputs = graph.inputs.map((input) => ({ ...input, dims: ['batch', 1] }))
    expect(() => prepareModel(writeModel({ ...rest, graph: { ...graph, inputs } }))).toThrow(
      expect.objectContaining({ kind: 'single-token' }),
    )
  })

  it('gives float16 values as float32, each once', async () => {
    const { builder, probabilities, hiddenStates } = encoder()
    const { graph, ...rest } = builder.model()
    const initializers = graph.initializers.map(halved)
    const outputs = graph.outputs.map((output) => ({ ...output, elementType: 'float16' as const }))
    const prepared = prepareModel(writeModel({ ...rest, graph: { ...graph, initializers, outputs } }))
    expect(prepared.isHalf).toBe(true)
    expect(prepared.outputs.attentions).toEqual(probabilities.map((name) => `${name}_float32`))
    expect(prepared.outputs.hiddenStates).toEqual(hiddenStates.map((name) => `${name}_float32`))
    const session = await start(prepared)
    const results = await session.run({ ids: ints([1, 5, 10]) })
    expect(floats(results, prepared.outputs.logits)).toHaveLength(3)
    expect(floats(results, prepared.outputs.attentions[0] ?? '')).toHaveLength(18)
    await session.release()
  })

  it('says that hidden states were not found', () => {
    const builder = new ModelBuilder()
    const x = builder.op('Neg', [builder.input('x', 'float32', ['b', 't', 8])])
    const softmax = builder.op('Softmax', [builder.op('MatMul', [x, builder.op('Transpose', [x])])], { axis: -1 })
    builder.output(builder.op('MatMul', [softmax, x]))
    const { outputs, passes } = prepareModel(builder.bytes())
    expect(outputs.hiddenStates).toEqual([])
    expect(passes).toContainEqual({ pass: 'expose-hidden-states', changes: [expect.stringContaining('not available')] })
  })

  function kindOf(builder: ModelBuilder, options?: Parameters<typeof prepareModel>[1]): string {
    try {
      prepareModel(builder.bytes({ '': 17, 'com.microsoft': 1, 'com.example': 1 }), options)
      return 'prepared'
    } catch (error) {
      return error instanceof GraphError ? error.kind : `crash: ${String(error)}`
    }
  }

  const unary = (operator: string, type: 'float32' | 'int64' | 'string' = 'float32') => {
    const builder = new ModelBuilder()
    builder.output(builder.op(operator, [builder.input('x', type, ['n'])]), type)
    return builder
  }

  it.each([
    ['no-attention', unary('Softmax')],
    ['closed-attention', unary('com.microsoft:SparseAttention')],
    ['unknown-operator', unary('com.example:FlashSoftmax')],
    ['no-output', unary('Neg', 'int64')],
    ['invalid-graph', new ModelBuilder()],
  ])('refuses with %s', (kind, builder) => {
    if (kind === 'invalid-graph') builder.output('nothing')
    expect(kindOf(builder)).toBe(kind)
  })

  it('refuses a node that needs itself', () => {
    const builder = new ModelBuilder()
    builder.add(node('Neg', ['a'], ['a']))
    builder.output('a')
    expect(kindOf(builder, { expose: false })).toBe('invalid-graph')
  })

  it('takes nodes in any order, and says that they were moved', () => {
    const builder = new ModelBuilder()
    builder.add(node('Neg', ['late'], ['y']))
    builder.add(node('Abs', [builder.input('x', 'float32', ['n'])], ['late']))
    builder.output('y')
    expect(prepareModel(builder.bytes(), { expose: false }).passes[0]?.pass).toBe('sort-nodes')
  })

  it('prepares a model without attention when no taps are asked for', () => {
    expect(kindOf(unary('Relu'), { expose: false })).toBe('prepared')
  })

  it('refuses inputs that cannot be fed', () => {
    const builder = unary('Relu')
    builder.output(builder.op('Cast', [builder.input('text', 'string', ['n'])], { to: 1 }))
    expect(kindOf(builder, { expose: false })).toBe('unsupported-type')
  })
})
