// A part of the graph that runs only when a switch is fed as true. The rest runs as before, and both use one copy of the weights.

import type { Attribute, Graph, GraphNode, Model, ValueInfo } from '#graph/ir/graph'
import { freeNames } from '#graph/ir/names'

export interface Gated {
  readonly model: Model
  /** The switch: bool [1]. */
  readonly gate: string
  /** Outputs of the graph by the values of the part that they give; where the switch is false they are empty. */
  readonly outputs: ReadonlyMap<string, string>
}

/**
 * Moves nodes into a branch. Their constants stay outside: the runtime finds weights that are not in the file only there.
 * @param part nodes that no others depend on
 * @param values float32 values of the part to give
 */
export function gateNodes(model: Model, part: ReadonlySet<GraphNode>, values: readonly string[]): Gated {
  const { graph } = model
  const free = freeNames(graph)
  const gate = free('innerscope.gradients')
  const nothing = free('innerscope.nothing')
  const outputs = new Map(values.map((value) => [value, free(`when asked: ${value}`)]))
  const elsewhere = values.map((value) => ({ value, name: free(`otherwise: ${value}`) }))
  const branches: ReadonlyMap<string, Attribute> = new Map([
    [
      'then_branch',
      branch(
        'when asked',
        graph.nodes.filter((node) => part.has(node)),
        values,
      ),
    ],
    [
      'else_branch',
      branch(
        'otherwise',
        elsewhere.map(({ name }) => ({ ...IDENTITY, inputs: [nothing], outputs: [name] })),
        elsewhere.map(({ name }) => name),
      ),
    ],
  ])
  const choice: GraphNode = { ...IDENTITY, opType: 'If', inputs: [gate], outputs: Array.from(outputs.values()), attributes: branches }
  const gated: Graph = {
    ...graph,
    inputs: [...graph.inputs, { name: gate, elementType: 'bool', dims: [1] }],
    nodes: [...graph.nodes.filter((node) => !part.has(node)), choice],
    initializers: [
      ...graph.initializers,
      { name: nothing, elementType: 'float32', dims: [0], storage: { kind: 'bytes', bytes: new Uint8Array(0) } },
    ],
    outputs: [...graph.outputs, ...Array.from(outputs.values(), floatInfo)],
  }
  return { model: { ...model, graph: gated }, gate, outputs }
}

const IDENTITY: GraphNode = { name: '', opType: 'Identity', domain: '', inputs: [], outputs: [], attributes: new Map() }

function branch(name: string, nodes: readonly GraphNode[], values: readonly string[]): Attribute {
  return { kind: 'graph', value: { name, nodes, initializers: [], inputs: [], outputs: values.map(floatInfo), valueInfo: [] } }
}

function floatInfo(name: string): ValueInfo {
  return { name, elementType: 'float32', dims: null }
}
