import { describe, expect, it } from 'vitest'
import { GraphError } from '../ir/errors.ts'
import type { GraphNode } from '../ir/graph.ts'
import { operatorOf } from '../ir/graph.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { fixedPoint, type Rule, runPasses, singlePass } from './rewrite.ts'

/** x -> Abs -> Abs -> Abs -> output */
function threeAbs() {
  const builder = new ModelBuilder()
  let value = builder.input('x', 'float32', ['n'])
  for (let step = 0; step < 3; step++) value = builder.op('Abs', [value])
  builder.output(value)
  return builder.model()
}

const operators = (nodes: readonly GraphNode[]) => nodes.map(operatorOf).join(' ')

/** Abs(x) -> Abs(Neg(x)): applies to its own output for ever. */
const negateFirst: Rule = (visited) => {
  if (operatorOf(visited) !== 'Abs') return null
  const inner = `${visited.outputs[0]}_neg${visited.inputs[0]}`
  return {
    nodes: [node('Neg', visited.inputs, [inner]), node('Abs', [inner], visited.outputs)],
    change: `negated before ${visited.outputs[0]}`,
  }
}

/** Abs(Abs(x)) -> Abs(x) */
const dropRepeated: Rule = (visited, index) => {
  const before = index.producer(visited.inputs[0] ?? '')
  if (operatorOf(visited) !== 'Abs' || before === undefined || operatorOf(before) !== 'Abs') return null
  return { nodes: [{ ...visited, inputs: before.inputs }], change: `shortened ${visited.outputs[0]}` }
}

describe('singlePass', () => {
  it('visits each node once and never its own output', () => {
    const { model, records } = runPasses(threeAbs(), [singlePass('negate', negateFirst)])
    expect(operators(model.graph.nodes)).toBe('Neg Abs Neg Abs Neg Abs')
    expect(records).toEqual([{ pass: 'negate', changes: [expect.stringContaining('negated'), expect.any(String), expect.any(String)] }])
  })

  it('leaves no record and the same model where nothing applies', () => {
    const before = threeAbs()
    const { model, records } = runPasses(before, [singlePass('none', () => null)])
    expect(model).toBe(before)
    expect(records).toEqual([])
  })

  it('changes nothing in the model it is given', () => {
    const before = threeAbs()
    const copy = structuredClone(before)
    runPasses(before, [singlePass('negate', negateFirst)])
    expect(before).toEqual(copy)
  })

  it('renames uses, also inside subgraphs, and drops constants that lose their last use', () => {
    const builder = new ModelBuilder()
    const x = builder.input('x', 'float32', ['n'])
    const sum = builder.op('Add', [x, builder.float([1], [0])])
    const branch = { name: 'b', nodes: [node('Neg', [sum], ['z'])], initializers: [], inputs: [], valueInfo: [] }
    const body = { kind: 'graph', value: { ...branch, outputs: [{ name: 'z', elementType: 'float32', dims: null }] } } as const
    builder.output(builder.op('If', [builder.input('c', 'bool', [])], { then_branch: body }))
    const dropSum = singlePass('drop', (visited) =>
      operatorOf(visited) === 'Add' ? { renamed: new Map([[sum, x]]), change: 'x + 0' } : null,
    )
    const { graph } = runPasses(builder.model(), [dropSum]).model
    expect(graph.initializers).toEqual([])
    expect(graph.nodes).toHaveLength(1)
    const then = graph.nodes[0]?.attributes.get('then_branch')
    expect(then?.kind === 'graph' && then.value.nodes[0]?.inputs).toEqual([x])
  })

  it('follows a rename to a value that was renamed itself', () => {
    const skip = singlePass('skip', ({ inputs: [from = ''], outputs: [to = ''] }, index) => {
      return index.isOutput(to) ? null : { renamed: new Map([[to, from]]), change: `skipped ${to}` }
    })
    const { graph } = runPasses(threeAbs(), [skip]).model
    expect(graph.nodes.map(({ inputs }) => inputs)).toEqual([['x']])
  })

  it('says which pass broke the graph', () => {
    const breakIt = singlePass('careless', (visited) => (operatorOf(visited) === 'Abs' ? { change: 'removed' } : null))
    expect(() => runPasses(threeAbs(), [breakIt])).toThrow(/"careless" broke the graph/)
  })
})

describe('fixedPoint', () => {
  it('goes on until no rule applies', () => {
    const { model } = runPasses(threeAbs(), [fixedPoint('shorten', [dropRepeated])])
    const [last] = model.graph.outputs
    const made = model.graph.nodes.find(({ outputs }) => outputs[0] === last?.name)
    expect(made?.inputs).toEqual(['x'])
  })

  it('stops rules that never end', () => {
    const flip: Rule = (visited) => ({ nodes: [visited], change: 'again' })
    expect(() => runPasses(threeAbs(), [fixedPoint('flip', [flip])])).toThrow(GraphError)
  })
})
