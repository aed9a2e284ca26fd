import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import { float32Constant } from '../ir/constant.ts'
import type { Attribute, Graph, GraphNode, Initializer } from '../ir/graph.ts'
import { findViolations } from '../ir/spec.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { renameShadows } from './rename-shadows.ts'

function branch(nodes: readonly GraphNode[], outputs: readonly string[], initializers: readonly Initializer[] = []): Attribute {
  const named = outputs.map((name) => ({ name, elementType: 'float32', dims: null }) as const)
  const graph: Graph = { name: 'branch', nodes, initializers, inputs: [], outputs: named, valueInfo: [] }
  return { kind: 'graph', value: graph }
}

const x = floats([2, 3])

describe('renameShadows', () => {
  it('takes the inner constant where both levels have one of that name, and the outer one deeper down where there is none', async () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b'])
    builder.input('switch', 'bool', [1])
    builder.constant(float32Constant('factor', [], [2]))
    builder.constant(float32Constant('offset', [], [10]))
    builder.output(builder.op('Mul', ['x', 'factor']))
    const deeper = branch([node('Add', ['scaled', 'offset'], ['deep'])], ['deep'])
    const shadowing = branch(
      [node('Mul', ['x', 'factor'], ['scaled']), node('If', ['switch'], ['inner'], { then_branch: deeper, else_branch: deeper })],
      ['inner'],
      [float32Constant('factor', [], [5])],
    )
    const plain = branch([node('Neg', ['x'], ['inner'])], ['inner'])
    builder.add(node('If', ['switch'], ['y'], { then_branch: shadowing, else_branch: plain }))
    builder.output('y')
    const before = builder.model()
    expect(findViolations(before).map(({ kind }) => kind)).toContain('duplicate-value')
    const { model, records } = runPasses(before, [renameShadows])
    expect(records[0]?.changes).toEqual(['gave 1 values of branches names of their own'])
    const results = await runModel(model, { x, switch: { dims: [1], data: Uint8Array.of(1), type: 'bool' } })
    expect(results.y?.data).toEqual(x.data.map((value) => Math.fround(value * 5) + 10))
  })

  it('leaves other graphs as they are', () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 'b'])
    builder.input('switch', 'bool', [1])
    const [first, second] = [branch([node('Neg', ['x'], ['n'])], ['n']), branch([node('Abs', ['x'], ['n'])], ['n'])]
    builder.output(builder.op('If', ['switch'], { then_branch: first, else_branch: second }))
    const before = builder.model()
    expect(renameShadows.run(before).model).toBe(before)
  })
})
