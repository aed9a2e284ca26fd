// Post-dominators: the nodes that every path from a node to the output passes. On a transformer these are the residual stream:
// whatever runs beside it (attention, MLP, skip connections) joins it again.

import { type Graph, type GraphNode, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph, usesOf } from '../ir/graph-index.ts'

/** Their outputs depend on shapes alone, so paths through them carry no activations. */
const SHAPE_OPERATORS: ReadonlySet<string> = new Set(['Shape', 'Size'])

export interface PostDominators {
  /** The node, then the nodes that every path from it to the output passes, in order; empty where no path leads there. */
  chain(node: GraphNode): readonly GraphNode[]
}

/**
 * Post-dominators with respect to one output of the graph, by the intersection method on a graph without cycles
 * (Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm", 2001): one sweep from the last node to the first.
 */
export function postDominators(graph: Graph, output: string): PostDominators {
  const index = indexGraph(graph)
  const { nodes } = graph
  const end = nodes.length
  // Place of the nearest post-dominator; `end` stands behind the output, null means the output is not reached.
  const next: (number | null)[] = nodes.map(() => null)
  const intersect = (a: number, b: number): number => {
    let [left, right] = [a, b]
    while (left !== right) {
      if (left < right) left = next[left] ?? end
      else right = next[right] ?? end
    }
    return left
  }
  for (let place = end - 1; place >= 0; place--) {
    const node = nodes[place]
    if (node === undefined || SHAPE_OPERATORS.has(operatorOf(node))) continue
    let nearest: number | null = node.outputs.includes(output) ? end : null
    for (const consumer of consumersOf(node, index)) {
      const at = index.position(consumer)
      if (next[at] !== null) nearest = nearest === null ? at : intersect(nearest, at)
    }
    next[place] = nearest
  }
  return {
    chain(node) {
      const nodesOnChain: GraphNode[] = []
      let place: number | null | undefined = index.position(node)
      if (next[place] === null) return nodesOnChain
      while (place !== null && place !== undefined && place < end) {
        const current = nodes[place]
        if (current !== undefined) nodesOnChain.push(current)
        place = next[place]
      }
      return nodesOnChain
    },
  }
}

/** Every node a node's result depends on, itself included, by activations and not by shapes. */
export function ancestorsOf(node: GraphNode, index: GraphIndex): ReadonlySet<GraphNode> {
  const found = new Set([node])
  // A set grows while it is walked: each new ancestor gets its turn.
  for (const current of found) {
    for (const value of usesOf(current)) {
      const producer = index.producer(value)
      if (producer !== undefined && !SHAPE_OPERATORS.has(operatorOf(producer))) found.add(producer)
    }
  }
  return found
}

function consumersOf(node: GraphNode, index: GraphIndex): readonly GraphNode[] {
  return node.outputs.flatMap((output) => (output === '' ? [] : index.consumers(output)))
}
