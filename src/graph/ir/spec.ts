// What every graph must satisfy between passes: single assignment, definition before use, outputs that exist, known domains,
// constants that are used and have the bytes their shape asks for. Checked after every pass, so that a fault is found where it is made.

import { sizeOf } from '#tensor/tensor'
import { byteLengthOf } from './element-type.ts'
import { GraphError } from './errors.ts'
import { functionOf, type Graph, type GraphNode, type Initializer, labelOf, type Model, subgraphsOf } from './graph.ts'
import { usesOf } from './graph-index.ts'
import type { Violation, ViolationKind } from './violation.ts'

/** More violations than this say nothing new: one wrong pass breaks every layer alike. */
const MAX_REPORTED = 20

/**
 * Throws where the model breaks the specification.
 * @param pass the pass that made the model, null for a file once it is sorted: constants that nothing uses are common there
 * @throws GraphError invalid-graph
 */
export function assertValid(model: Model, pass: string | null): void {
  const violations = findViolations(model).filter(({ kind }) => pass !== null || kind !== 'unused-initializer')
  if (violations.length > 0) throw new GraphError({ kind: 'invalid-graph', pass, violations: violations.slice(0, MAX_REPORTED) })
}

/** Every rule of the specification that the model breaks. */
export function findViolations(model: Model): readonly Violation[] {
  const check = new Check(model)
  check.graph(model.graph, new Set(), new Set())
  return check.violations
}

class Check {
  readonly violations: Violation[] = []
  readonly #model: Model

  constructor(model: Model) {
    this.#model = model
  }

  /**
   * @param outer values that a subgraph may take from outside
   * @param outerLater values that are made outside, but only after the node that carries the subgraph
   */
  graph(graph: Graph, outer: ReadonlySet<string>, outerLater: ReadonlySet<string>): void {
    const known = new Set(outer)
    // Files from before IR 4 list their constants among the inputs: the same value, not a second one.
    const inputs = new Set(graph.inputs.map((input) => input.name))
    for (const input of graph.inputs) this.#define(known, input.name, null)
    for (const initializer of graph.initializers) {
      if (!inputs.has(initializer.name)) this.#define(known, initializer.name, null)
      this.#size(initializer)
    }
    const later = new Set([...outerLater, ...graph.nodes.flatMap((node) => node.outputs)])
    for (const node of graph.nodes) {
      this.#operator(node)
      this.#inputs(node, known, later)
      for (const subgraph of subgraphsOf(node)) this.graph(subgraph, known, later)
      for (const output of node.outputs) if (output !== '') this.#define(known, output, node)
    }
    this.#outputs(graph, known)
    this.#unused(graph)
  }

  #define(known: Set<string>, value: string, node: GraphNode | null): void {
    if (known.has(value)) this.#report('duplicate-value', node, value, `The value "${value}" is defined twice.`)
    known.add(value)
  }

  #operator(node: GraphNode): void {
    if (node.opType === '') this.#report('empty-operator', node, labelOf(node), `The node "${labelOf(node)}" has no operator.`)
    if (this.#model.opsets.has(node.domain) || this.#model.functions.has(functionOf(node))) return
    const domain = node.domain === '' ? 'ai.onnx' : node.domain
    this.#report(
      'missing-opset',
      node,
      domain,
      `The node "${labelOf(node)}" is of the domain "${domain}", which the model does not import.`,
    )
  }

  #inputs(node: GraphNode, known: ReadonlySet<string>, later: ReadonlySet<string>): void {
    for (const input of node.inputs) {
      if (input === '' || known.has(input)) continue
      if (later.has(input))
        this.#report('used-before-defined', node, input, `The node "${labelOf(node)}" uses "${input}" before it is made.`)
      else this.#report('undefined-input', node, input, `The node "${labelOf(node)}" uses "${input}", which nothing makes.`)
    }
  }

  #outputs(graph: Graph, known: ReadonlySet<string>): void {
    const seen = new Set<string>()
    for (const { name } of graph.outputs) {
      if (!known.has(name)) this.#report('undefined-output', null, name, `The output "${name}" is made by nothing.`)
      if (seen.has(name)) this.#report('duplicate-output', null, name, `The output "${name}" is listed twice.`)
      seen.add(name)
    }
  }

  #unused(graph: Graph): void {
    const used = new Set(graph.outputs.map((output) => output.name))
    for (const node of graph.nodes) for (const value of usesOf(node)) used.add(value)
    for (const { name } of graph.initializers) {
      if (!used.has(name)) this.#report('unused-initializer', null, name, `Nothing uses the constant "${name}".`)
    }
  }

  #size({ name, elementType, dims, storage }: Initializer): void {
    const count = sizeOf(dims)
    const whole = dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0) && Number.isSafeInteger(count)
    const needed = whole ? byteLengthOf(elementType, count) : Number.NaN
    if (needed === null || storage.kind === 'opaque') return
    const fits = storage.kind === 'bytes' ? storage.bytes.length === needed : needed >= 0
    if (!fits)
      this.#report('initializer-size', null, name, `The constant "${name}" does not have the bytes that ${elementType}[${dims}] needs.`)
  }

  #report(kind: ViolationKind, node: GraphNode | null, subject: string, message: string): void {
    this.violations.push({ kind, node: node === null ? null : labelOf(node), subject, message })
  }
}
