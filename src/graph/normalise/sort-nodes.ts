// Puts nodes in topological order. Runtimes sort for themselves, so some tools leave nodes before the values that their subgraphs take
// from outside.

import type { GraphNode } from '../ir/graph.ts'
import { indexGraph, usesOf } from '../ir/graph-index.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'

export const sortNodes: Pass = {
  name: 'sort-nodes',
  run(model) {
    const { graph } = model
    const index = indexGraph(graph)
    const sorted: GraphNode[] = []
    const opened = new Set<GraphNode>()
    const placed = new Set<GraphNode>()
    for (const root of graph.nodes) {
      const stack = [root]
      for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
        const waiting = opened.has(node) ? [] : producersOf(node)
        opened.add(node)
        stack.push(...waiting)
        if (waiting.length > 0) continue
        stack.pop()
        if (!placed.has(node)) sorted.push(node)
        placed.add(node)
      }
    }
    const moved = sorted.filter((node, place) => graph.nodes[place] !== node).length
    return moved === 0
      ? { model, changes: [] }
      : withGraph(model, { graph: { ...graph, nodes: sorted }, changes: [`moved ${moved} nodes`] })

    /** What must come before a node and has not been opened yet; a cycle is left for the specification to find. */
    function producersOf(node: GraphNode): readonly GraphNode[] {
      const producers = Array.from(usesOf(node), (value) => index.producer(value))
      return producers.filter((producer) => producer !== undefined).filter((producer) => !opened.has(producer))
    }
  },
}
