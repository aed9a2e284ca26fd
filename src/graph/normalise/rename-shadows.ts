// Names inside a branch that are taken outside get others. The specification forbids such names, yet some tools that shrink graphs
// leave constants of one name on both levels, and runtimes take the inner one.

import { type Attribute, type Graph, subgraphsOf } from '../ir/graph.ts'
import { definedIn, namesIn } from '../ir/names.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'

export const renameShadows: Pass = {
  name: 'rename-shadows',
  run(model) {
    if (!model.graph.nodes.some((node) => subgraphsOf(node).length > 0)) return { model, changes: [] }
    const taken = new Set(namesIn(model.graph))
    let renamed = 0
    const fresh = (name: string): string => {
      renamed++
      let candidate = `${name}_inner`
      for (let copy = 2; taken.has(candidate); copy++) candidate = `${name}_inner_${copy}`
      taken.add(candidate)
      return candidate
    }
    const graph = inside(model.graph, () => false, new Map(), fresh)
    return renamed === 0
      ? { model, changes: [] }
      : withGraph(model, { graph, changes: [`gave ${renamed} values of branches names of their own`] })
  },
}

/** @param isOuter whether a name is defined outside; @param names what values from outside are called now */
function inside(
  graph: Graph,
  isOuter: (name: string) => boolean,
  names: ReadonlyMap<string, string>,
  fresh: (name: string) => string,
): Graph {
  const own = new Set(definedIn(graph))
  const here = new Map(names)
  for (const name of own) if (isOuter(name)) here.set(name, fresh(name))
  const isKnown = (name: string): boolean => own.has(name) || isOuter(name)
  const rename = (name: string): string => here.get(name) ?? name
  const named = <Named extends { readonly name: string }>(things: readonly Named[]): readonly Named[] =>
    here.size === 0 ? things : things.map((thing) => ({ ...thing, name: rename(thing.name) }))
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      if (here.size === 0 && subgraphsOf(node).length === 0) return node
      const attributes = new Map(Array.from(node.attributes, ([key, value]) => [key, renamedInside(value)]))
      return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename), attributes }
    }),
    initializers: named(graph.initializers),
    inputs: named(graph.inputs),
    outputs: named(graph.outputs),
    valueInfo: named(graph.valueInfo),
  }

  function renamedInside(attribute: Attribute): Attribute {
    return attribute.kind === 'graph' ? { ...attribute, value: inside(attribute.value, isKnown, here, fresh) } : attribute
  }
}
