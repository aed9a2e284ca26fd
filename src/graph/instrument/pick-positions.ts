// Computes a language model's output head at chosen positions only: a vocabulary has tens of thousands of columns, and few positions are
// ever shown.

import type { Graph, GraphNode, ValueInfo } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { freeNames } from '../ir/names.ts'
import { type Instrument, type Instrumented, type Port, portInfo } from './instrument.ts'

/** int64 [P]: the positions. */
type PickedPositions = Instrumented<{ readonly positions: Port }>

export const pickPositions: Instrument<PickedPositions | null> = {
  name: 'pick-positions',
  apply(model, { head }) {
    if (head === null) return null
    const { graph } = model
    const { node: product, hidden } = head
    const free = freeNames(graph)
    const positions = positionsPort(free('innerscope.positions'))
    const picked = free('innerscope.picked')
    const gather: GraphNode = {
      name: '',
      opType: 'Gather',
      domain: '',
      inputs: [hidden, positions.name],
      outputs: [picked],
      attributes: new Map([['axis', { kind: 'int', value: 1n } as const]]),
    }
    const nodes = graph.nodes.flatMap((node) => {
      if (node !== product) return [node]
      return [gather, { ...node, inputs: node.inputs.map((name, place) => (place === 0 ? picked : name)) }]
    })
    // What the file says of shapes behind the head is no longer so.
    const behind = valuesBehind(product, graph)
    const unshaped = (infos: readonly ValueInfo[]) => infos.map((info) => (behind.has(info.name) ? { ...info, dims: null } : info))
    const inputs = [...graph.inputs, portInfo(positions)]
    const changed: Graph = { ...graph, nodes, inputs, outputs: unshaped(graph.outputs), valueInfo: unshaped(graph.valueInfo) }
    return {
      model: { ...model, graph: changed },
      ports: { positions },
      changes: [`the output head is computed at chosen positions of ${hidden}`],
    }
  },
}

/** int64 [P]: positions of a text. At rest the first, which every text has. */
export function positionsPort(name: string): Port {
  return { name, elementType: 'int64', dims: ['innerscope_positions'], rest: { dims: [1], values: [0] } }
}

function valuesBehind(head: GraphNode, graph: Graph): ReadonlySet<string> {
  const index = indexGraph(graph)
  const found = new Set(head.outputs)
  // A set grows while it is walked.
  for (const value of found) for (const user of index.consumers(value)) for (const output of user.outputs) found.add(output)
  return found
}
