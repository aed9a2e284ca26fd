// The rewriting engine: a rule looks at one node and may put others in its place; a pass has a name and leaves a record; after
// every pass the graph is checked against its specification.

import { GraphError } from '../ir/errors.ts'
import type { Attribute, Graph, GraphNode, Initializer, Model } from '../ir/graph.ts'
import { type GraphIndex, indexGraph, usesOf } from '../ir/graph-index.ts'
import { assertValid } from '../ir/spec.ts'

/** What stands in place of a node. */
export interface Replacement {
  readonly nodes?: readonly GraphNode[]
  readonly initializers?: readonly Initializer[]
  /** Old value -> the value its users take instead. */
  readonly renamed?: ReadonlyMap<string, string>
  /** What was done, for the reader. */
  readonly change: string
}

/** Looks at a node of a graph that is not being changed meanwhile; null leaves the node as it is. */
export type Rule = (node: GraphNode, index: GraphIndex) => Replacement | null

export interface Rewritten {
  readonly graph: Graph
  readonly changes: readonly string[]
}

export interface PassResult {
  readonly model: Model
  readonly changes: readonly string[]
}

export interface Pass {
  readonly name: string
  run(model: Model): PassResult
}

/** What a pass did, for the reader. */
export interface PassRecord {
  readonly pass: string
  readonly changes: readonly string[]
}

/** A chain of n nodes may take n rounds, and no chain in real files is longer; a rule that undoes another would run for ever. */
const MAX_ROUNDS = 1000

/** Runs passes in order, each checked; the record names those that changed something. @throws GraphError invalid-graph */
export function runPasses(model: Model, passes: readonly Pass[]): { readonly model: Model; readonly records: readonly PassRecord[] } {
  const records: PassRecord[] = []
  let current = model
  for (const pass of passes) {
    const { model: next, changes } = pass.run(current)
    // A pass that changed nothing returns the model itself.
    if (next !== current) assertValid(next, pass.name)
    records.push(...recordOf(pass.name, changes))
    current = next
  }
  return { model: current, records }
}

/** What is kept of a pass: nothing where it changed nothing. */
export function recordOf(pass: string, changes: readonly string[]): readonly PassRecord[] {
  return changes.length > 0 ? [{ pass, changes }] : []
}

/** A pass that visits every node of the graph once, so that it never meets its own output. */
export function singlePass(name: string, rule: Rule): Pass {
  return { name, run: (model) => withGraph(model, rewriteOnce(model.graph, rule)) }
}

/** A pass that goes on until no rule applies; at each node the first rule that applies is taken. @throws GraphError rewrite-diverged */
export function fixedPoint(name: string, rules: readonly Rule[]): Pass {
  const first: Rule = (node, index) => {
    for (const rule of rules) {
      const replacement = rule(node, index)
      if (replacement !== null) return replacement
    }
    return null
  }
  return {
    name,
    run(model) {
      let graph = model.graph
      const changes: string[] = []
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const rewritten = rewriteOnce(graph, first)
        if (rewritten.graph === graph) return withGraph(model, { graph, changes })
        graph = rewritten.graph
        changes.push(...rewritten.changes)
      }
      throw new GraphError({ kind: 'rewrite-diverged', pass: name, rounds: MAX_ROUNDS })
    },
  }
}

/** The model with another graph; the same object where the graph is the same. */
export function withGraph(model: Model, { graph, changes }: Rewritten): PassResult {
  return { model: graph === model.graph ? model : { ...model, graph }, changes }
}

/** Applies a rule to every node once. Constants that lose their last use go; a graph nothing applied to is returned itself. */
export function rewriteOnce(graph: Graph, rule: Rule): Rewritten {
  const index = indexGraph(graph)
  const renamed = new Map<string, string>()
  const nodes: GraphNode[] = []
  const initializers = [...graph.initializers]
  const changes: string[] = []
  for (const node of graph.nodes) {
    const replacement = rule(node, index)
    if (replacement === null) {
      nodes.push(renameUses(node, renamed))
      continue
    }
    changes.push(replacement.change)
    for (const added of replacement.nodes ?? []) nodes.push(renameUses(added, renamed))
    initializers.push(...(replacement.initializers ?? []))
    for (const [from, to] of replacement.renamed ?? []) renamed.set(from, renamed.get(to) ?? to)
  }
  return changes.length === 0 ? { graph, changes } : { graph: dropUnusedInitializers({ ...graph, nodes, initializers }), changes }
}

/** The graph without constants that nothing uses. */
export function dropUnusedInitializers(graph: Graph): Graph {
  const used = new Set(graph.outputs.map((output) => output.name))
  for (const node of graph.nodes) for (const value of usesOf(node)) used.add(value)
  const kept = graph.initializers.filter((initializer) => used.has(initializer.name))
  return kept.length === graph.initializers.length ? graph : { ...graph, initializers: kept }
}

function renameUses(node: GraphNode, renamed: ReadonlyMap<string, string>): GraphNode {
  let needed = false
  if (renamed.size > 0) for (const value of usesOf(node)) needed ||= renamed.has(value)
  if (!needed) return node
  const inputs = node.inputs.map((input) => renamed.get(input) ?? input)
  const attributes = new Map(Array.from(node.attributes, ([name, attribute]) => [name, renameInAttribute(attribute, renamed)]))
  return { ...node, inputs, attributes }
}

function renameInAttribute(attribute: Attribute, renamed: ReadonlyMap<string, string>): Attribute {
  if (attribute.kind !== 'graph') return attribute
  const graph = attribute.value
  const nodes = graph.nodes.map((node) => renameUses(node, renamed))
  return { ...attribute, value: { ...graph, nodes } }
}
