import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import { float32Constant } from '../ir/constant.ts'
import type { Attribute, Graph, GraphNode, Initializer } from '../ir/graph.ts'
import { operatorOf } from '../ir/graph.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { foldConstants } from './fold-constants.ts'
import { inlineBranches } from './inline-branches.ts'

function branch(nodes: readonly GraphNode[], outputs: readonly string[], initializers: readonly Initializer[] = []): Attribute {
  const graph: Graph = {
    name: 'branch',
    nodes,
    initializers,
    inputs: [],
    outputs: outputs.map((name) => ({ name, elementType: 'float32', dims: null })),
    valueInfo: [],
  }
  return { kind: 'graph', value: graph }
}

const truth = (value: number): Initializer => ({
  name: 'condition',
  elementType: 'bool',
  dims: [],
  storage: { kind: 'bytes', bytes: Uint8Array.of(value) },
})
const x = floats([2, 3])

/** A merged decoder in small: with a cache the branch needs `past` too. */
function merged(order: 'cache first' | 'cache last'): ModelBuilder {
  const builder = new ModelBuilder()
  builder.input('x', 'float32', ['a', 'b'])
  builder.input('past', 'float32', ['a', 'b'])
  builder.input('use_cache', 'bool', [1])
  const weight = builder.float([3])
  const withCache = branch([node('Add', ['x', 'past'], ['sum']), node('Mul', ['sum', weight], ['y'])], ['y'])
  const without = branch([node('Neg', ['x'], ['sum']), node('Mul', ['sum', weight], ['y'])], ['y'])
  const [first, second] = order === 'cache first' ? [withCache, without] : [without, withCache]
  builder.add(node('If', ['use_cache'], ['y'], { then_branch: first, else_branch: second }))
  builder.output('y')
  return builder
}

describe('inlineBranches', () => {
  it.each(['cache first', 'cache last'] as const)('takes the branch without a cache, and drops its inputs (%s)', async (order) => {
    const before = merged(order).model()
    const { model, records } = runPasses(before, [inlineBranches])
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x'])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['Neg', 'Mul'])
    expect(records[0]?.changes[0]).toContain('use_cache')
    const chosen = Uint8Array.of(order === 'cache first' ? 0 : 1)
    const feeds = { x, past: floats([2, 3], 5), use_cache: { dims: [1], data: chosen, type: 'bool' as const } }
    expect(await runModel(model, { x })).toEqual(await runModel(before, feeds))
  })

  it('gives inner names that are taken new ones, and brings constants of the branch', async () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b'])
    builder.constant(truth(1))
    const inner = branch(
      [node('Mul', ['x', 'two'], ['value_1']), node('Exp', ['value_1'], ['out'])],
      ['out'],
      [float32Constant('two', [], [2])],
    )
    builder.add(node('If', ['condition'], ['y'], { then_branch: inner, else_branch: branch([node('Neg', ['x'], ['out'])], ['out']) }))
    builder.output(builder.op('Add', [builder.op('Abs', ['x']), 'y']))
    const before = builder.model()
    const { model } = runPasses(before, [inlineBranches])
    expect(model.graph.nodes.some((made) => operatorOf(made) === 'If')).toBe(false)
    expect(await runModel(model, { x })).toEqual(await runModel(before, { x }))
  })

  it('gives results that are values from outside, twice', async () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b'])
    builder.constant(truth(0))
    const outside = builder.op('Abs', ['x'])
    const value = branch([], [outside, outside])
    builder.add(node('If', ['condition'], ['y', 'z'], { then_branch: branch([node('Neg', ['x'], ['n'])], ['n', 'x']), else_branch: value }))
    builder.output('y')
    builder.output('z')
    const before = { ...builder.model() }
    const { model } = runPasses(before, [inlineBranches])
    const results = await runModel(model, { x })
    expect(results.y).toEqual(results.z)
    expect(results.y?.data).toEqual(x.data.map(Math.abs))
  })

  it('proves that two lengths are equal, and takes what follows', () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['batch', 'tokens', 4])
    const length = (value: string) => builder.op('Gather', [builder.op('Shape', [value]), builder.int64([], [1])])
    const product = builder.op('Add', [builder.op('MatMul', ['x', builder.float([4, 6])]), builder.float([6])])
    const heads = builder.op('Reshape', [product, builder.int64([4], [0, 0, 2, 3])])
    const same = builder.op('Equal', [length('x'), length(heads)])
    const otherwise = branch([node('Exp', ['x'], ['e'])], ['e'])
    builder.output(
      builder.op('If', [builder.op('Not', [same])], { then_branch: otherwise, else_branch: branch([node('Neg', ['x'], ['n'])], ['n']) }),
    )
    builder.output(heads)
    const { graph } = runPasses(builder.model(), [foldConstants, inlineBranches]).model
    expect(graph.nodes.map(operatorOf)).toContain('Neg')
    expect(graph.nodes.map(operatorOf)).not.toContain('If')
  })

  it('keeps a branch that depends on the input', () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['batch', 'tokens', 4])
    builder.input('y', 'float32', ['batch', 'others', 4])
    const length = (value: string) => builder.op('Gather', [builder.op('Shape', [value]), builder.int64([], [1])])
    const same = builder.op('Equal', [length('x'), length('y')])
    const attributes = { then_branch: branch([node('Exp', ['x'], ['e'])], ['e']), else_branch: branch([node('Neg', ['x'], ['n'])], ['n']) }
    builder.output(builder.op('If', [same], attributes))
    const before = builder.model()
    expect(runPasses(before, [inlineBranches]).model).toBe(before)
  })
})
