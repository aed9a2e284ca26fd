// Names for values that are added to a graph.

import type { Graph } from '#graph/graph'

/** The name itself, or with `_` behind it, as nothing in the graph is called. */
export function freeName(stem: string, graph: Graph): string {
  const values = [...graph.inputs, ...graph.initializers].map(({ name }) => name)
  const taken = new Set([...values, ...graph.nodes.flatMap(({ outputs }) => outputs)])
  let name = stem
  while (taken.has(name)) name = `${name}_`
  return name
}
