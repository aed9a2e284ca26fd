// Names for values that are added to a graph.

import type { Graph } from '#graph/graph'

/** Gives a name that nothing in the graph has, nor anything it gave a name to before: the stem itself, or with `_` behind it. */
export type FreeName = (stem: string) => string

export function freeNames(graph: Graph): FreeName {
  const values = [...graph.inputs, ...graph.initializers].map(({ name }) => name)
  const taken = new Set([...values, ...graph.nodes.flatMap(({ outputs }) => outputs)])
  return (stem) => {
    let name = stem
    while (taken.has(name)) name = `${name}_`
    taken.add(name)
    return name
  }
}
