import { describe, expect, it } from 'vitest'
import { node } from '../testing/build.ts'
import { tinyTransformer } from '../testing/tiny-transformer.ts'
import { float32Constant } from './constant.ts'
import { GraphError } from './errors.ts'
import type { Graph, Model } from './graph.ts'
import { assertValid, findViolations } from './spec.ts'
import type { ViolationKind } from './violation.ts'

const valid = tinyTransformer({ layers: 1, blocks: 'post-norm', norm: 'LayerNormalization' }).builder.model()

function changed(change: (graph: Graph) => Partial<Graph>): Model {
  return { ...valid, graph: { ...valid.graph, ...change(valid.graph) } }
}

const [firstNode = node('', [], [])] = valid.graph.nodes
const value = firstNode.outputs[0] ?? ''
const info = (name: string) => ({ name, elementType: 'float32', dims: null }) as const
const subgraph = (nodes: Graph['nodes'], output: string) =>
  ({ kind: 'graph', value: { name: 'branch', nodes, initializers: [], inputs: [], outputs: [info(output)], valueInfo: [] } }) as const

const PLANTED: readonly (readonly [ViolationKind, string, Model])[] = [
  ['duplicate-value', value, changed(({ nodes }) => ({ nodes: [...nodes, node('Identity', ['ids'], [value])] }))],
  ['duplicate-value', 'ids', changed(({ inputs }) => ({ inputs: [...inputs, info('ids')] }))],
  ['undefined-input', 'nothing', changed(({ nodes }) => ({ nodes: [...nodes, node('Neg', ['nothing'], ['y'])] }))],
  ['used-before-defined', value, changed(({ nodes }) => ({ nodes: [node('Neg', [value], ['y']), ...nodes] }))],
  ['used-before-defined', 'a', changed(({ nodes }) => ({ nodes: [...nodes, node('Neg', ['a'], ['a'])] }))],
  ['undefined-output', 'nothing', changed(({ outputs }) => ({ outputs: [...outputs, info('nothing')] }))],
  ['duplicate-output', 'ids', changed(({ outputs }) => ({ outputs: [...outputs, info('ids'), info('ids')] }))],
  ['missing-opset', 'com.microsoft', changed(({ nodes }) => ({ nodes: [...nodes, node('com.microsoft:Gelu', [value], ['y'])] }))],
  ['missing-opset', 'ai.onnx', { ...valid, opsets: new Map() }],
  ['empty-operator', 'y', changed(({ nodes }) => ({ nodes: [...nodes, node('', [value], ['y'])] }))],
  ['unused-initializer', 'w', changed(({ initializers }) => ({ initializers: [...initializers, float32Constant('w', [1], [1])] }))],
  ['initializer-size', 'w', changed((graph) => withConstant(graph, [3]))],
  ['initializer-size', 'w', changed((graph) => withConstant(graph, [-2]))],
  ['initializer-size', 'w', changed((graph) => withConstant(graph, [2 ** 30, 2 ** 30]))],
  ['undefined-input', 'nothing', changed(({ nodes }) => ({ nodes: [...nodes, ifNode(subgraph([node('Neg', ['nothing'], ['z'])], 'z'))] }))],
  ['undefined-output', 'z', changed(({ nodes }) => ({ nodes: [...nodes, ifNode(subgraph([node('Neg', [value], ['q'])], 'z'))] }))],
  ['duplicate-value', value, changed(({ nodes }) => ({ nodes: [...nodes, ifNode(subgraph([node('Neg', ['ids'], [value])], value))] }))],
]

function withConstant({ nodes, initializers }: Graph, dims: readonly number[]): Partial<Graph> {
  return { nodes: [...nodes, node('Neg', ['w'], ['y'])], initializers: [...initializers, float32Constant('w', dims, [1, 2])] }
}

function ifNode(branch: ReturnType<typeof subgraph>) {
  return node('If', [value], ['y'], { then_branch: branch })
}

describe('the graph specification', () => {
  it('accepts a valid graph', () => {
    expect(findViolations(valid)).toEqual([])
  })

  it.each(PLANTED)('finds a planted %s at %s', (kind, subject, model) => {
    const found = findViolations(model).filter((violation) => violation.kind === kind)
    expect(found.map((violation) => violation.subject)).toContain(subject)
  })

  it('names the node and the pass', () => {
    const broken = changed(({ nodes }) => ({ nodes: [...nodes, { ...node('Neg', ['nothing'], ['y']), name: 'my-node' }] }))
    expect(() => assertValid(broken, 'my-pass')).toThrow(GraphError)
    expect(() => assertValid(broken, 'my-pass')).toThrow(/"my-pass" broke the graph: The node "my-node" uses "nothing"/)
  })

  it('lets a file have unused constants, but not a pass', () => {
    const loose = changed(({ initializers }) => ({ initializers: [...initializers, float32Constant('w', [1], [1])] }))
    expect(() => assertValid(loose, null)).not.toThrow()
    expect(() => assertValid(loose, 'a pass')).toThrow(GraphError)
  })

  it('lets branches use the same names, and the names of what their node makes', () => {
    const branch = subgraph([node('Neg', [value], ['y'])], 'y')
    const model = changed(({ nodes }) => ({ nodes: [...nodes, node('If', [value], ['y'], { then_branch: branch, else_branch: branch })] }))
    expect(findViolations(model)).toEqual([])
  })
})
