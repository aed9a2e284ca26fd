// Computes a language model's output head at chosen positions only: a vocabulary has tens of thousands of columns, and few positions are
// ever shown.

import type { Graph, GraphNode, Model, ValueInfo } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { freeNames } from '../ir/names.ts'
import type { Head } from '../recognise/output-head.ts'
import type { Pass } from '../rewrite/rewrite.ts'
import { withGraph } from '../rewrite/rewrite.ts'

export interface Picking {
  readonly pass: Pass
  /** The new input: int64 [P]. */
  readonly input: string
}

/** @param graph that the pass will run on, or one with the same values */
export function pickPositions({ node: head, hidden }: Head, graph: Graph): Picking {
  const free = freeNames(graph)
  const input = free('innerscope.positions')
  const picked = free('innerscope.picked')
  const gather: GraphNode = {
    name: '',
    opType: 'Gather',
    domain: '',
    inputs: [hidden, input],
    outputs: [picked],
    attributes: new Map([['axis', { kind: 'int', value: 1n } as const]]),
  }
  const run = (model: Model) => {
    const nodes = model.graph.nodes.flatMap((node) => {
      if (node !== head) return [node]
      return [gather, { ...node, inputs: node.inputs.map((name, place) => (place === 0 ? picked : name)) }]
    })
    const inputs = [...model.graph.inputs, { name: input, elementType: 'int64' as const, dims: ['innerscope_positions'] }]
    // What the file says of shapes behind the head is no longer so.
    const behind = valuesBehind(head, model.graph)
    const unshaped = (infos: readonly ValueInfo[]) => infos.map((info) => (behind.has(info.name) ? { ...info, dims: null } : info))
    const valueInfo = unshaped(model.graph.valueInfo)
    return withGraph(model, {
      graph: { ...model.graph, nodes, inputs, outputs: unshaped(model.graph.outputs), valueInfo },
      changes: [`the output head is computed at chosen positions of ${hidden}`],
    })
  }
  return { pass: { name: 'pick-positions', run }, input }
}

function valuesBehind(head: GraphNode, graph: Graph): ReadonlySet<string> {
  const index = indexGraph(graph)
  const found = new Set(head.outputs)
  // A set grows while it is walked.
  for (const value of found) for (const user of index.consumers(value)) for (const output of user.outputs) found.add(output)
  return found
}
