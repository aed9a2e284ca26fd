import { describe, expect, it } from 'vitest'
import { indexGraph } from '../ir/graph-index.ts'
import { ModelBuilder } from '../testing/build.ts'
import { type TinyTransformer, tinyTransformer } from '../testing/tiny-transformer.ts'
import { findAttentions } from './attention.ts'
import { normInput } from './norm.ts'
import { postDominators } from './post-dominators.ts'
import { findHiddenStates } from './residual-stream.ts'

const BLOCKS: readonly TinyTransformer['blocks'][] = ['post-norm', 'pre-norm', 'parallel']
const NORMS: readonly TinyTransformer['norm'][] = ['LayerNormalization', 'decomposed', 'root-mean-square']
const FORMS = BLOCKS.flatMap((blocks) => NORMS.flatMap((norm) => [1, 3].map((layers) => ({ blocks, norm, layers }))))

describe('findHiddenStates', () => {
  it.each(FORMS)('finds the stream of $layers layers, $blocks, $norm', (form) => {
    const { builder, hiddenStates } = tinyTransformer(form)
    const { graph } = builder.model()
    expect(findHiddenStates(graph, findAttentions(graph), graph.outputs[0]?.name ?? '')).toEqual(hiddenStates)
  })

  it('is empty where tokens are the last axis', () => {
    const builder = new ModelBuilder()
    const ids = builder.input('ids', 'int64', ['b', 't'])
    const x = builder.op('Transpose', [builder.op('Gather', [builder.float([9, 8]), ids])], { perm: [0, 2, 1] })
    const softmax = builder.op('Softmax', [builder.op('MatMul', [builder.op('Transpose', [x], { perm: [0, 2, 1] }), x])], { axis: -1 })
    const context = builder.op('MatMul', [softmax, builder.op('Transpose', [x], { perm: [0, 2, 1] })])
    const back = builder.op('Conv', [builder.op('Transpose', [context], { perm: [0, 2, 1] }), builder.float([8, 8, 1])])
    const output = builder.output(builder.op('Add', [back, x]))
    const { graph } = builder.model()
    expect(findAttentions(graph)).toHaveLength(1)
    expect(findHiddenStates(graph, findAttentions(graph), output)).toEqual([])
  })

  it('is empty without a word embedding', () => {
    const builder = new ModelBuilder()
    const x = builder.op('Neg', [builder.input('x', 'float32', ['b', 't', 8])])
    const softmax = builder.op('Softmax', [builder.op('MatMul', [x, builder.op('Transpose', [x])])], { axis: -1 })
    const output = builder.output(builder.op('Add', [builder.op('MatMul', [softmax, x]), x]))
    const { graph } = builder.model()
    expect(findHiddenStates(graph, findAttentions(graph), output)).toEqual([])
  })
})

describe('normInput', () => {
  it('sees a norm that multiplies with the reciprocal of the deviation', () => {
    const builder = new ModelBuilder()
    const x = builder.input('x', 'float32', ['t', 8])
    const centred = builder.op('Sub', [x, builder.op('ReduceMean', [x])])
    const variance = builder.op('Add', [builder.op('ReduceMean', [builder.op('Mul', [centred, centred])]), builder.float([], [1e-5])])
    const core = builder.op('Mul', [centred, builder.op('Reciprocal', [builder.op('Sqrt', [variance])])])
    expect(normInput(builder.op('Mul', [builder.float([8]), core]), indexGraph(builder.model().graph))).toBe(x)
  })

  it('does not take other sums and quotients for norms', () => {
    const builder = new ModelBuilder()
    const x = builder.input('x', 'float32', ['t', 8])
    const y = builder.input('y', 'float32', ['t', 8])
    const others = [
      builder.op('Add', [builder.op('Mul', [x, builder.float([8])]), builder.float([8])]),
      builder.op('Div', [
        x,
        builder.op('Sqrt', [builder.op('Add', [builder.op('ReduceMean', [builder.op('Mul', [y, y])]), builder.float([], [1])])]),
      ]),
      builder.op('Sub', [x, builder.op('ReduceMean', [x])]),
    ]
    const index = indexGraph(builder.model().graph)
    expect(others.map((value) => normInput(value, index))).toEqual([null, null, null])
  })
})

describe('postDominators', () => {
  it('gives the points that all paths pass, without paths through shapes and beside the output', () => {
    const builder = new ModelBuilder()
    const start = builder.op('Neg', [builder.input('x', 'float32', ['n'])])
    const joined = builder.op('Add', [builder.op('Abs', [start]), builder.op('Sqrt', [start])])
    const shaped = builder.op('Reshape', [joined, builder.op('Shape', [start])])
    builder.output(builder.op('Exp', [start]))
    const output = builder.output(shaped)
    const { graph } = builder.model()
    const [first, , , , , , beside] = graph.nodes
    const chain = (node = first) => (node === undefined ? [] : postDominators(graph, output).chain(node))
    expect(chain().map(({ outputs }) => outputs[0])).toEqual([start, joined, shaped])
    expect(beside?.opType).toBe('Exp')
    expect(chain(beside)).toEqual([])
  })
})
