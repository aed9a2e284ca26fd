// Removes nodes and constants that no output needs. Runs first, because exporters leave some behind, and after passes that orphan nodes.

import type { GraphNode } from '../ir/graph.ts'
import { usesOf } from '../ir/graph-index.ts'
import { dropUnusedInitializers, type Pass, withGraph } from '../rewrite/rewrite.ts'

export const dropUnused: Pass = {
  name: 'drop-unused',
  run(model) {
    const { graph } = model
    const needed = new Set(graph.outputs.map((output) => output.name))
    const kept: GraphNode[] = []
    for (const node of graph.nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output))) continue
      kept.push(node)
      for (const value of usesOf(node)) needed.add(value)
    }
    const nodes = kept.length === graph.nodes.length ? graph.nodes : kept.toReversed()
    const pruned = dropUnusedInitializers(nodes === graph.nodes ? graph : { ...graph, nodes })
    const lostNodes = graph.nodes.length - pruned.nodes.length
    const lostConstants = graph.initializers.length - pruned.initializers.length
    const changes = lostNodes + lostConstants === 0 ? [] : [`removed ${lostNodes} nodes and ${lostConstants} constants that nothing uses`]
    return withGraph(model, { graph: pruned, changes })
  },
}
