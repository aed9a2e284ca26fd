// Operators that a file defines itself are replaced by what they are defined as, so that everything after this pass sees what they do.

import { GraphError } from '../ir/errors.ts'
import {
  type Attribute,
  type FunctionBody,
  functionOf,
  type Graph,
  type GraphNode,
  labelOf,
  type Model,
  operatorOf,
  subgraphsOf,
} from '../ir/graph.ts'
import { definedIn, namesIn } from '../ir/names.ts'
import { MAX_NODES } from '../proto/read.ts'
import type { Pass } from '../rewrite/rewrite.ts'
import { isSameBetween } from './raise-opset.ts'

/** Calls inside calls: exporters nest a module in a module, a dozen levels at most, and deeper ones would only exhaust the stack. */
const MAX_CALLS = 64

/** @throws GraphError unsupported-form for a function that uses itself or another operator set; graph-too-large */
export const inlineFunctions: Pass = {
  name: 'inline-functions',
  run(model) {
    if (model.functions.size === 0) return { model, changes: [] }
    const inliner = new Inliner(model)
    const graph = inliner.graph(model.graph, false)
    const changes = Array.from(inliner.calls, ([name, count]) => `${name}: ${count}`)
    return { model: { ...model, graph, opsets: importsOf(graph, inliner.opsets, model), functions: new Map() }, changes }
  },
}

interface Measure {
  readonly nodes: number
  /** Of calls inside calls. */
  readonly levels: number
}

class Inliner {
  /** How often each function was called. */
  readonly calls = new Map<string, number>()
  readonly opsets: Map<string, number>
  readonly #functions: ReadonlyMap<string, FunctionBody>
  readonly #taken: Set<string>
  /** Calls of one label are counted: they may be many. */
  readonly #copies = new Map<string, number>()
  readonly #measures = new Map<string, Measure>()
  #nodes = 0

  constructor({ opsets, functions, graph }: Model) {
    this.opsets = new Map(opsets)
    this.#functions = functions
    this.#taken = new Set(namesIn(graph))
  }

  /** @param isInside whether the graph comes out of a function: then its calls are counted already */
  graph(graph: Graph, isInside: boolean): Graph {
    return { ...graph, nodes: graph.nodes.flatMap((node) => this.#inlined(node, isInside)) }
  }

  #inlined(node: GraphNode, isInside: boolean): readonly GraphNode[] {
    const call = withSubgraphs(node, (graph) => this.graph(graph, isInside))
    const name = functionOf(call)
    const body = this.#functions.get(name)
    if (body === undefined) return [call]
    if (!isInside) this.#nodes += this.#measure(call, []).nodes
    if (this.#nodes > MAX_NODES) throw new GraphError({ kind: 'graph-too-large', what: 'nodes', size: this.#nodes, limit: MAX_NODES })
    if (!this.calls.has(name)) this.#adopt(call, body)
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1)
    const made = instantiate(call, body, (local) => this.#fresh(`${labelOf(call)}/${local}`))
    return made.flatMap((inner) => this.#inlined(inner, true))
  }

  /** What a node becomes, itself aside: small files may define graphs that no memory holds. */
  #measure(call: GraphNode, callers: readonly string[]): Measure {
    const name = functionOf(call)
    const body = this.#functions.get(name)
    if (body === undefined) return { nodes: 0, levels: 0 }
    if (callers.includes(name)) refuse(call, 'a definition that uses itself')
    const known = this.#measures.get(name)
    if (known !== undefined) return known
    let [nodes, levels] = [0, 0]
    assertDepth(callers.length)
    for (const node of nodesIn(body.nodes)) {
      const inner = this.#measure(node, [...callers, name])
      nodes += 1 + inner.nodes
      levels = Math.max(levels, inner.levels)
    }
    assertDepth(levels + 1)
    const measure = { nodes, levels: levels + 1 }
    this.#measures.set(name, measure)
    return measure
  }

  /** Takes over the function's operator sets, where its operators mean the same in the model's. */
  #adopt(call: GraphNode, { opsets, nodes }: FunctionBody): void {
    for (const node of nodesIn(nodes)) {
      if (this.#functions.has(functionOf(node))) continue
      const own = opsets.get(node.domain)
      const models = this.opsets.get(node.domain) ?? own
      if (own === undefined || models === undefined) continue
      this.opsets.set(node.domain, models)
      if (own !== models && !isSameBetween(node, own, models)) {
        refuse(call, `a definition with ${operatorOf(node)} of operator set ${own}, where the model has ${models}`)
      }
    }
  }

  #fresh(name: string): string {
    let candidate = name
    while (this.#taken.has(candidate)) {
      const copy = (this.#copies.get(name) ?? 1) + 1
      this.#copies.set(name, copy)
      candidate = `${name}_${copy}`
    }
    this.#taken.add(candidate)
    return candidate
  }
}

function assertDepth(levels: number): void {
  if (levels > MAX_CALLS) throw new GraphError({ kind: 'graph-too-large', what: 'subgraph-depth', size: levels, limit: MAX_CALLS })
}

function refuse(call: GraphNode, part: string): never {
  throw new GraphError({ kind: 'unsupported-form', operator: functionOf(call), node: labelOf(call), part })
}

/** The body's nodes with the call's inputs, outputs and attributes in place; all other values get names of their own. */
function instantiate(call: GraphNode, body: FunctionBody, fresh: (local: string) => string): readonly GraphNode[] {
  const names = new Map<string, string>()
  for (const [place, input] of body.inputs.entries()) names.set(input, call.inputs[place] ?? '')
  const made = new Set(body.nodes.flatMap(({ outputs }) => outputs))
  const copied: (readonly [from: string, to: string])[] = []
  for (const [place, output] of body.outputs.entries()) {
    const result = call.outputs[place] ?? ''
    if (result === '') continue
    // An input that is given back, or a value given twice, stays under its name and is copied.
    if (made.has(output) && !names.has(output)) names.set(output, result)
    else copied.push([output, result])
  }
  const local: Rename = (name) => {
    const known = name === '' ? '' : names.get(name)
    if (known !== undefined) return known
    const own = fresh(name)
    names.set(name, own)
    return own
  }
  const nodes = body.nodes.map((node) => renamed(node, local, { call, defaults: body.defaults, fresh }))
  const copies = copied.map(([from, to]): GraphNode => {
    return { name: '', opType: 'Identity', domain: '', inputs: [local(from)], outputs: [to], attributes: new Map() }
  })
  return [...nodes, ...copies.filter(({ inputs }) => inputs[0] !== '')]
}

type Rename = (name: string) => string

interface Instance extends Pick<FunctionBody, 'defaults'> {
  readonly call: GraphNode
  fresh(local: string): string
}

function renamed(node: GraphNode, local: Rename, instance: Instance): GraphNode {
  const { call, defaults } = instance
  const attributes = new Map<string, Attribute>()
  for (const [name, attribute] of node.attributes) {
    // What a call gives is in the caller's names already.
    const given = attribute.kind === 'reference' ? (call.attributes.get(attribute.value) ?? defaults.get(attribute.value)) : null
    if (given !== null && given !== undefined) attributes.set(name, given)
    else if (attribute.kind === 'graph') attributes.set(name, { ...attribute, value: renamedGraph(attribute.value, local, instance) })
    else if (attribute.kind !== 'reference') attributes.set(name, attribute)
  }
  const name = node.name === '' ? '' : `${labelOf(call)}/${node.name}`
  return { ...node, name, inputs: node.inputs.map(local), outputs: node.outputs.map(local), attributes }
}

function renamedGraph(graph: Graph, outer: Rename, instance: Instance): Graph {
  const own = new Map(definedIn(graph).map((name) => [name, instance.fresh(name)]))
  const local: Rename = (name) => own.get(name) ?? outer(name)
  const named = <Named extends { readonly name: string }>(things: readonly Named[]): readonly Named[] =>
    things.map((thing) => ({ ...thing, name: local(thing.name) }))
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renamed(node, local, instance)),
    initializers: named(graph.initializers),
    inputs: named(graph.inputs),
    outputs: named(graph.outputs),
    valueInfo: named(graph.valueInfo.filter(({ name }) => own.has(name))),
  }
}

function withSubgraphs(node: GraphNode, change: (graph: Graph) => Graph): GraphNode {
  if (subgraphsOf(node).length === 0) return node
  const changed = Array.from(node.attributes, ([name, attribute]): readonly [string, Attribute] => [
    name,
    attribute.kind === 'graph' ? { ...attribute, value: change(attribute.value) } : attribute,
  ])
  return { ...node, attributes: new Map(changed) }
}

/** Runtimes look for the operators of every domain that is imported: those that only functions were in are not theirs. */
function importsOf(graph: Graph, opsets: ReadonlyMap<string, number>, { functions }: Model): ReadonlyMap<string, number> {
  const used = new Set(nodesIn(graph.nodes).map(({ domain }) => domain))
  const defined = new Set(Array.from(functions.keys(), (name) => (name.includes(':') ? name.slice(0, name.indexOf(':')) : '')))
  return new Map(Array.from(opsets).filter(([domain]) => domain === '' || used.has(domain) || !defined.has(domain)))
}

function nodesIn(nodes: readonly GraphNode[]): readonly GraphNode[] {
  return nodes.flatMap((node) => [node, ...subgraphsOf(node).flatMap((graph) => nodesIn(graph.nodes))])
}
