// Conditional branches whose choice is known beforehand are put in place of their If: the branch for running without a cache where an
// input of the graph chooses (merged decoders), and the only possible one where shapes decide. Others stay as they are.

import { scalarOf } from '../ir/constant.ts'
import { type Attribute, type Graph, type GraphNode, type Model, operatorOf, subgraphsOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph, usesOf } from '../ir/graph-index.ts'
import { type Pass, type PassResult, type Replacement, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'

/** Operators that pass a condition on. */
const CONDITION_COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze'])

/** More levels than any exporter nests; the reader allows fewer. */
const MAX_LEVELS = 16

type Branch = 'then_branch' | 'else_branch'

interface Choice {
  readonly branch: Branch
  readonly reason: string
}

export const inlineBranches: Pass = {
  name: 'inline-branches',
  run(model) {
    let current: PassResult = { model, changes: [] }
    for (let level = 0; level < MAX_LEVELS; level++) {
      const next = inlineOnce(current.model)
      if (next.changes.length === 0) break
      current = { model: dropUnusedInputs(next.model), changes: [...current.changes, ...next.changes] }
    }
    return current
  },
}

function inlineOnce(model: Model): PassResult {
  const taken = new Set(topNames(model.graph))
  const rewritten = rewriteOnce(model.graph, (node, index) => {
    const choice = operatorOf(node) === 'If' ? choose(node, index) : null
    const attribute = choice === null ? undefined : node.attributes.get(choice.branch)
    if (choice === null || attribute?.kind !== 'graph') return null
    for (const other of model.graph.nodes)
      if (other !== node) for (const graph of subgraphsOf(other)) for (const name of allNames(graph)) taken.add(name)
    return inline(node, attribute.value, taken, `took the ${choice.branch === 'then_branch' ? 'then' : 'else'} branch: ${choice.reason}`)
  })
  return withGraph(model, rewritten)
}

function choose(node: GraphNode, index: GraphIndex): Choice | null {
  const condition = node.inputs[0] ?? ''
  const constant = scalarOf(index.initializer(condition)) ?? inferShapes(index.graph)(condition).elements?.[0]
  if (typeof constant === 'number')
    return { branch: constant !== 0 ? 'then_branch' : 'else_branch', reason: 'its condition always holds the same' }
  const input = inputBehind(condition, index)
  if (input === null) return null
  return { branch: branchWithoutCache(node, index), reason: `without what "${input}" switches on` }
}

/** The input of the graph that a condition is, as it is or copied. */
function inputBehind(value: string, index: GraphIndex): string | null {
  if (index.isInput(value)) return value
  const producer = index.producer(value)
  if (producer === undefined || !CONDITION_COPIES.has(operatorOf(producer))) return null
  return inputBehind(producer.inputs[0] ?? '', index)
}

/** The branch that needs fewer of the graph's inputs: the other one continues from a cache. The one for false where both need the same. */
function branchWithoutCache(node: GraphNode, index: GraphIndex): Branch {
  const needs = (branch: Branch): number => {
    const attribute = node.attributes.get(branch)
    if (attribute?.kind !== 'graph') return Number.POSITIVE_INFINITY
    const carrier: GraphNode = { ...node, inputs: [], attributes: new Map([[branch, attribute]]) }
    return Array.from(usesOf(carrier)).filter((value) => index.isInput(value)).length
  }
  return needs('then_branch') < needs('else_branch') ? 'then_branch' : 'else_branch'
}

/** The branch's nodes with names of their own where theirs are taken; its results take the names of the If's. */
function inline(node: GraphNode, branch: Graph, taken: Set<string>, change: string): Replacement {
  const names = new Map<string, string>()
  const made = new Set([...branch.nodes.flatMap(({ outputs }) => outputs), ...branch.initializers.map(({ name }) => name)])
  const copies: GraphNode[] = []
  for (const [place, { name }] of branch.outputs.entries()) {
    const result = node.outputs[place] ?? ''
    if (result === '') continue
    if (made.has(name) && !names.has(name)) names.set(name, result)
    else copies.push({ name: '', opType: 'Identity', domain: '', inputs: [name], outputs: [result], attributes: new Map() })
  }
  for (const name of made) if (name !== '' && !names.has(name)) names.set(name, unused(name, taken))
  return {
    nodes: [...branch.nodes, ...copies].map((inner) => renamed(inner, names, node)),
    initializers: branch.initializers.map((constant) => ({ ...constant, name: names.get(constant.name) ?? constant.name })),
    change,
  }
}

function unused(name: string, taken: Set<string>): string {
  let candidate = name
  for (let copy = 2; taken.has(candidate); copy++) candidate = `${name}_${copy}`
  taken.add(candidate)
  return candidate
}

function renamed(node: GraphNode, names: ReadonlyMap<string, string>, outer: GraphNode): GraphNode {
  const rename = (value: string) => names.get(value) ?? value
  // The copies put a branch's result under the If's own name, which is not to be renamed again.
  const outputs = node.outputs.map((output) => (outer.outputs.includes(output) && !names.has(output) ? output : rename(output)))
  const attributes = new Map(Array.from(node.attributes, ([key, attribute]) => [key, renamedInside(attribute, names)]))
  return { ...node, inputs: node.inputs.map(rename), outputs, attributes }
}

function renamedInside(attribute: Attribute, names: ReadonlyMap<string, string>): Attribute {
  if (attribute.kind !== 'graph') return attribute
  const graph = attribute.value
  const own = new Set([...graph.inputs, ...graph.initializers].map(({ name }) => name))
  for (const { outputs } of graph.nodes) for (const output of outputs) own.add(output)
  const outside = new Map(Array.from(names).filter(([name]) => !own.has(name)))
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((input) => outside.get(input) ?? input),
    attributes: new Map(Array.from(node.attributes, ([key, inner]) => [key, renamedInside(inner, outside)])),
  }))
  const outputs = graph.outputs.map((output) => ({ ...output, name: outside.get(output.name) ?? output.name }))
  return { ...attribute, value: { ...graph, nodes, outputs } }
}

function topNames(graph: Graph): readonly string[] {
  const named = [...graph.inputs, ...graph.initializers].map(({ name }) => name)
  return [...named, ...graph.nodes.flatMap(({ outputs }) => outputs)]
}

function allNames(graph: Graph): readonly string[] {
  return [...topNames(graph), ...graph.nodes.flatMap(subgraphsOf).flatMap(allNames)]
}

/** Inputs that only the branch left out needed: the runtime would still ask for them. */
function dropUnusedInputs(model: Model): Model {
  const index = indexGraph(model.graph)
  const inputs = model.graph.inputs.filter(({ name }) => index.consumers(name).length > 0 || index.isOutput(name))
  return inputs.length === model.graph.inputs.length ? model : { ...model, graph: { ...model.graph, inputs } }
}
