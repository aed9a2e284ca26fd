import { describe, expect, it } from 'vitest'
import { numbersOf } from '../ir/constant.ts'
import { operatorOf } from '../ir/graph.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { closeInputs } from './close-inputs.ts'
import { dropUnused } from './drop-unused.ts'
import { forwardConstants } from './forward-constants.ts'
import { hoistConstants } from './hoist-constants.ts'
import { sortNodes } from './sort-nodes.ts'

describe('dropUnused', () => {
  it('removes what no output needs', () => {
    const builder = new ModelBuilder()
    const x = builder.input('x', 'float32', ['n'])
    builder.output(builder.op('Neg', [x]))
    builder.op('Sqrt', [builder.op('Add', [x, builder.float([1])])])
    const { model, records } = runPasses(builder.model(), [dropUnused])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['Neg'])
    expect(records[0]?.changes).toEqual(['removed 2 nodes and 1 constants that nothing uses'])
  })
})

describe('closeInputs', () => {
  it('takes weights out of the inputs and raises an old IR version', () => {
    const builder = new ModelBuilder()
    const weight = builder.float([2])
    builder.input(weight, 'float32', [2])
    builder.output(builder.op('Add', [builder.input('x', 'float32', [2]), weight]))
    const { model } = runPasses({ ...builder.model(), irVersion: 3 }, [closeInputs])
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x'])
    expect(model.irVersion).toBe(4)
  })
})

describe('hoistConstants', () => {
  it('reads every numeric form', () => {
    const builder = new ModelBuilder()
    const forms = [
      { value_float: { kind: 'float', value: 1.5 } },
      { value_floats: { kind: 'floats', value: [1, 2] } },
      { value_int: 3 },
      { value_ints: [4, 5] },
      {
        value: {
          kind: 'tensor',
          value: { name: '', elementType: 'int8', dims: [1], storage: { kind: 'bytes', bytes: Uint8Array.of(255) } },
        },
      },
    ] as const
    for (const attributes of forms) builder.output(builder.op('Constant', [], attributes))
    const { graph } = runPasses(builder.model(), [hoistConstants]).model
    expect(graph.nodes).toEqual([])
    expect(graph.initializers.map((constant) => Array.from(numbersOf(constant) ?? []))).toEqual([[1.5], [1, 2], [3], [4, 5], [-1]])
    expect(graph.initializers.map(({ dims }) => dims)).toEqual([[], [2], [], [2], [1]])
  })
})

describe('forwardConstants', () => {
  it('follows copies of copies to the constant, and leaves outputs', () => {
    const builder = new ModelBuilder()
    const weight = builder.float([2])
    const copy = builder.op('Identity', [builder.op('Identity', [weight])])
    builder.output(builder.op('Add', [builder.input('x', 'float32', [2]), copy]))
    const kept = builder.output(builder.op('Identity', [weight]))
    const { graph } = runPasses(builder.model(), [forwardConstants]).model
    expect(graph.nodes.map(operatorOf)).toEqual(['Add', 'Identity'])
    expect(graph.nodes[0]?.inputs).toEqual(['x', weight])
    expect(graph.nodes[1]?.outputs).toEqual([kept])
  })
})

describe('sortNodes', () => {
  it('puts makers before users, also of subgraphs, and keeps a good order', () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['n'])
    const outputs = [{ name: 'z', elementType: 'float32', dims: null }] as const
    const value = { name: 'branch', nodes: [node('Neg', ['late'], ['z'])], initializers: [], inputs: [], outputs, valueInfo: [] }
    builder.output(builder.op('If', [builder.input('c', 'bool', [])], { then_branch: { kind: 'graph', value } }))
    builder.add(node('Abs', ['later'], ['late']))
    builder.add(node('Sqrt', ['x'], ['later']))
    const { model } = runPasses(builder.model(), [sortNodes])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['Sqrt', 'Abs', 'If'])
    expect(sortNodes.run(model).model).toBe(model)
  })

  it('leaves a cycle for the specification to find', () => {
    const builder = new ModelBuilder()
    builder.add(node('Neg', ['b'], ['a']))
    builder.add(node('Abs', ['a'], ['b']))
    builder.output('a')
    expect(() => runPasses(builder.model(), [sortNodes])).toThrow(/before it is made/)
  })
})
