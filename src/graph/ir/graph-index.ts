// Lookups over one graph, built once for each graph: who makes a value, who uses it, which values are constants.

import type { Graph, GraphNode, Initializer, ValueInfo } from './graph.ts'
import { subgraphsOf } from './graph.ts'

export interface GraphIndex {
  readonly graph: Graph
  /** The node that makes a value; undefined for inputs and constants. */
  producer(value: string): GraphNode | undefined
  /** The nodes that use a value, in topological order, each once; a use inside a subgraph counts for the node that carries it. */
  consumers(value: string): readonly GraphNode[]
  initializer(value: string): Initializer | undefined
  /** What the file says about a value's type and shape. */
  info(value: string): ValueInfo | undefined
  isInput(value: string): boolean
  isOutput(value: string): boolean
  /** Place of a node in `graph.nodes`. */
  position(node: GraphNode): number
}

const indices = new WeakMap<Graph, GraphIndex>()

/** The index of a graph; the same object when asked again. */
export function indexGraph(graph: Graph): GraphIndex {
  const known = indices.get(graph)
  if (known !== undefined) return known
  const index = buildIndex(graph)
  indices.set(graph, index)
  return index
}

function buildIndex(graph: Graph): GraphIndex {
  const producers = new Map<string, GraphNode>()
  const consumers = new Map<string, GraphNode[]>()
  const positions = new Map<GraphNode, number>()
  for (const [place, node] of graph.nodes.entries()) {
    positions.set(node, place)
    for (const output of node.outputs) if (output !== '') producers.set(output, node)
    for (const value of usesOf(node)) {
      const list = consumers.get(value)
      if (list === undefined) consumers.set(value, [node])
      else list.push(node)
    }
  }
  const initializers = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]))
  const infos = new Map([...graph.valueInfo, ...graph.outputs, ...graph.inputs].map((info) => [info.name, info]))
  const inputs = new Set(graph.inputs.map((input) => input.name))
  const outputs = new Set(graph.outputs.map((output) => output.name))
  return {
    graph,
    producer: (value) => producers.get(value),
    consumers: (value) => consumers.get(value) ?? [],
    initializer: (value) => initializers.get(value),
    info: (value) => infos.get(value),
    isInput: (value) => inputs.has(value),
    isOutput: (value) => outputs.has(value),
    position: (node) => positions.get(node) ?? -1,
  }
}

const uses = new WeakMap<GraphNode, ReadonlySet<string>>()

/** Every value a node needs: its inputs, and what its subgraphs take from outside. */
export function usesOf(node: GraphNode): ReadonlySet<string> {
  const known = uses.get(node)
  if (known !== undefined) return known
  const found = new Set(node.inputs)
  for (const subgraph of subgraphsOf(node)) for (const value of freeValuesOf(subgraph)) found.add(value)
  found.delete('')
  uses.set(node, found)
  return found
}

function freeValuesOf(graph: Graph): ReadonlySet<string> {
  const free = new Set<string>()
  for (const node of graph.nodes) for (const value of usesOf(node)) free.add(value)
  for (const output of graph.outputs) free.add(output.name)
  for (const node of graph.nodes) for (const output of node.outputs) free.delete(output)
  for (const defined of [...graph.inputs, ...graph.initializers]) free.delete(defined.name)
  return free
}
