// Names of a graph's values, and names for those that are added to it.

import { type Graph, subgraphsOf } from './graph.ts'

/** Names that a graph itself gives to values, those of its branches aside. */
export function definedIn(graph: Graph): readonly string[] {
  const named = [...graph.inputs, ...graph.initializers].map(({ name }) => name)
  return [...named, ...graph.nodes.flatMap(({ outputs }) => outputs)].filter((name) => name !== '')
}

/** The same with those of all branches. */
export function namesIn(graph: Graph): readonly string[] {
  return [...definedIn(graph), ...graph.nodes.flatMap(subgraphsOf).flatMap(namesIn)]
}

/** Gives a name that nothing in the graph has, nor anything it gave a name to before: the stem itself, or with `_` behind it. */
export type FreeName = (stem: string) => string

export function freeNames(graph: Graph): FreeName {
  const taken = new Set(namesIn(graph))
  return (stem) => {
    let name = stem
    while (taken.has(name)) name = `${name}_`
    taken.add(name)
    return name
  }
}
