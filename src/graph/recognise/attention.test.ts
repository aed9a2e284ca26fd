import { describe, expect, it } from 'vitest'
import type { Graph } from '../ir/graph.ts'
import { ModelBuilder } from '../testing/build.ts'
import { TINY, tinyTransformer } from '../testing/tiny-transformer.ts'
import { findAttentions } from './attention.ts'

interface Parts {
  readonly scores?: (product: string, builder: ModelBuilder) => string
  readonly weights?: (softmax: string, builder: ModelBuilder) => string
  readonly axis?: number
}

/** One attention over inputs q, k, v with something between product and Softmax, and between Softmax and product. */
function attention({ scores = (product) => product, weights = (softmax) => softmax, axis = -1 }: Parts): {
  readonly graph: Graph
  readonly softmax: string
} {
  const builder = new ModelBuilder()
  const [q, k, v] = ['q', 'k', 'v'].map((name) => builder.op('Neg', [builder.input(name, 'float32', ['b', 'h', 't', 'd'])]))
  const product = builder.op('MatMul', [q ?? '', k ?? ''])
  const softmax = builder.op('Softmax', [scores(product, builder)], { axis })
  builder.output(builder.op('MatMul', [weights(softmax, builder), v ?? '']))
  return { graph: builder.model().graph, softmax }
}

const found = (graph: Graph) => findAttentions(graph).map(({ probabilities }) => probabilities)

describe('findAttentions', () => {
  it('finds every layer of a transformer in order, with its parts', () => {
    const { builder, probabilities } = tinyTransformer({ layers: 3, blocks: 'pre-norm', norm: 'LayerNormalization' })
    const { graph } = builder.model()
    const attentions = findAttentions(graph)
    expect(attentions.map((attention) => attention.probabilities)).toEqual(probabilities)
    expect(attentions.map(({ layer, heads }) => [layer, heads])).toEqual([0, 1, 2].map((layer) => [layer, TINY.heads]))
    for (const { scores, context, query, key, value } of attentions) {
      expect(scores.inputs).toEqual([query, key])
      expect(context.inputs[1]).toBe(value)
    }
  })

  it.each<readonly [string, Parts]>([
    ['nothing else', {}],
    [
      'a scale and a mask',
      { scores: (x, b) => b.op('Add', [b.op('Div', [x, b.float([], [8])]), b.input('mask', 'float32', ['b', 1, 1, 't'])]) },
    ],
    ['a mask as Where', { scores: (x, b) => b.op('Where', [b.input('mask', 'bool', ['t']), x, b.float([], [-1e9])]) }],
    ['a cap', { scores: (x, b) => b.op('Mul', [b.float([], [50]), b.op('Tanh', [b.op('Div', [x, b.float([], [50])])])]) }],
    ['heads joined to the batch', { scores: (x, b) => b.op('Reshape', [x, b.int64([3], [-1, 4, 4])]), axis: 2 }],
    ['an axis counted from the front', { axis: 3 }],
    [
      'casts and dropout',
      { scores: (x, b) => b.op('Cast', [x], { to: 1 }), weights: (x, b) => b.op('Dropout', [b.op('Cast', [x], { to: 10 })]) },
    ],
  ])('allows %s', (_title, parts) => {
    const { graph, softmax } = attention(parts)
    expect(found(graph)).toEqual([softmax])
  })

  it('takes what a guard against NaN lets through', () => {
    const { graph } = attention({ weights: (x, b) => b.op('Where', [b.op('IsNaN', [x]), b.float([], [0]), x]) })
    const guard = graph.nodes.find((node) => node.opType === 'Where')
    expect(found(graph)).toEqual(guard?.outputs)
  })

  it('takes what is left of a row when the share of a sink is cut off', () => {
    const { graph } = attention({
      scores: (x, b) => {
        const all = b.op('Concat', [x, b.op('Expand', [b.float([1, 4, 1, 1]), b.int64([4], [1, 4, 5, 1])])], { axis: -1 })
        return b.op('Sub', [all, b.op('ReduceMax', [all], { axes: [-1] })])
      },
      weights: (x, b) => b.op('Slice', [b.op('Cast', [x], { to: 1 }), ...[0, -1, -1].map((n) => b.int64([1], [n]))]),
    })
    expect(found(graph)).toEqual(graph.nodes.find((node) => node.opType === 'Slice')?.outputs)
  })

  it.each<readonly [string, Parts]>([
    [
      'a Softmax that is cut into blocks',
      {
        weights: (x, b) => {
          const part = (from: number, to: number) => b.op('Slice', [x, ...[from, to, -1].map((n) => b.int64([1], [n]))])
          b.output(b.op('MatMul', [part(2, 4), b.op('Neg', ['q'])]))
          return part(0, 2)
        },
      },
    ],
    [
      'scores of several blocks',
      { scores: (x, b) => b.op('Concat', [x, b.op('MatMul', [b.op('Abs', ['q']), b.op('Abs', ['k'])])], { axis: -1 }) },
    ],
    ['a transposition by letters', { scores: (_x, b) => b.op('Einsum', [b.op('Abs', ['q'])]) }],
    ['a choice over another axis', { axis: 1 }],
    ['scores from a weight', { scores: (x, b) => b.op('MatMul', [x, b.float([4, 4])]) }],
    ['scores that are an input', { scores: (_x, b) => b.input('scores', 'float32', ['t', 't']) }],
    ['probabilities that are only looked at', { weights: (x, b) => b.op('ReduceMax', [x]) }],
  ])('refuses %s', (_title, parts) => {
    expect(found(attention(parts).graph)).toEqual([])
  })

  it('refuses a router, a classifier and pooling by a learned vector', () => {
    const builder = new ModelBuilder()
    const x = builder.op('Neg', [builder.input('x', 'float32', ['b', 't', 8])])
    const logits = builder.op('MatMul', [x, builder.float([8, 4])])
    const routed = builder.op('Softmax', [logits], { axis: -1 })
    builder.output(builder.op('MatMul', [routed, builder.op('Relu', [builder.op('Transpose', [x], { perm: [0, 2, 1] })])]))
    builder.output(builder.op('Softmax', [builder.op('MatMul', [x, builder.op('Transpose', [x])])], { axis: -1 }))
    const pooled = builder.op('Softmax', [builder.op('Transpose', [builder.op('MatMul', [x, builder.float([8, 1])])])], { axis: -1 })
    builder.output(builder.op('MatMul', [pooled, x]))
    expect(found(builder.model().graph)).toEqual([])
  })

  it('refuses the right operand of a product', () => {
    const builder = new ModelBuilder()
    const x = builder.op('Neg', [builder.input('x', 'float32', ['b', 't', 't'])])
    const softmax = builder.op('Softmax', [builder.op('MatMul', [x, builder.op('Abs', [x])])], { axis: -1 })
    builder.output(builder.op('MatMul', [x, softmax]))
    expect(found(builder.model().graph)).toEqual([])
  })
})
