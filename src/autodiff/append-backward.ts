// Reverse-mode differentiation of a graph into a graph: nodes are visited from the last to the first, each once, and the rule of its
// operator turns the gradients of its outputs into those of its inputs (Griewank and Walther, "Evaluating Derivatives", 2008,
// chapter 3). Only nodes between the wanted values and the seeded ones are visited.

import type { ElementType } from '#graph/ir/element-type'
import { type Graph, type GraphNode, type Initializer, type Model, operatorOf } from '#graph/ir/graph'
import { usesOf } from '#graph/ir/graph-index'
import { inferElementType } from '#graph/ir/infer-type'
import { freeNames } from '#graph/ir/names'
import { Emitter } from '#graph/rewrite/emitter'
import { GradientError } from './gradient-error.ts'
import { GRADIENT_RULES } from './gradient-rules.ts'
import { gradientTypeOf, isReal, RuleContext } from './scene.ts'

/** The rules write reductions with axes as inputs, and blocks of quantised weights. */
const NEEDED_OPSET = 18

/** A value of the graph that the backward part begins at. */
export interface Seed {
  readonly value: string
  /** Emits the target's gradient with respect to the value, in its shape and in the type of gradients. */
  emit(to: Emitter): string
}

export interface Backward {
  readonly model: Model
  /** Gradients by the wanted values. */
  readonly gradients: ReadonlyMap<string, string>
  /** Nodes that were added. */
  readonly added: number
}

/**
 * Appends what computes the gradients of the wanted values. The forward part is left as it is.
 * @param seeds values that the target depends on directly; nodes behind them take no part
 * @param wanted values or inputs of the graph, of real numbers
 * @throws GradientError
 */
export function appendBackward(model: Model, seeds: readonly Seed[], wanted: readonly string[]): Backward {
  const { graph } = model
  const version = model.opsets.get('') ?? 0
  if (version < NEEDED_OPSET) throw new GradientError({ kind: 'old-operators', version, needed: NEEDED_OPSET })
  const { nodes: path, needed } = findPath(graph, seeds, wanted)
  assertRules(path)

  const to = new Emitter(graph, version)
  const made = { nodes: [] as GraphNode[], initializers: [] as Initializer[] }
  const emit = <Result>(label: string, write: () => Result): Result => {
    const results: Result[] = []
    const { nodes, initializers } = to.collect({ ...NOWHERE, name: label }, () => {
      results.push(write())
      return []
    })
    made.nodes.push(...nodes)
    made.initializers.push(...initializers)
    const [result] = results
    if (result === undefined) throw new RangeError('nothing was written')
    return result
  }

  const parts = new Map<string, string[]>()
  const give = (value: string, gradient: string): void => {
    parts.set(value, [...(parts.get(value) ?? []), gradient])
  }
  /** The sum of what its users gave, null where none did. */
  const total = (value: string): string | null => {
    const [first, ...others] = parts.get(value) ?? []
    if (first === undefined) return null
    const sum = others.reduce((left, right) => to.op('Add', [left, right]), first)
    parts.set(value, [sum])
    return sum
  }

  for (const seed of seeds)
    give(
      seed.value,
      emit(`gradient/seed`, () => seed.emit(to)),
    )
  for (const node of path.toReversed()) {
    emit(`gradient/${node.name === '' ? (node.outputs[0] ?? '') : node.name}`, () => {
      const gradients = node.outputs.map((output) => (output === '' ? null : total(output)))
      if (gradients.every((gradient) => gradient === null)) return true
      const given = ruleOf(node)?.(new RuleContext(node, to, gradients, needed)) ?? []
      for (const [place, gradient] of given.entries()) {
        const input = node.inputs[place] ?? ''
        if (gradient !== null && needed.has(input)) give(input, gradient)
      }
      return true
    })
  }
  const sums = emit('gradient/wanted', () => new Map(wanted.map((value) => [value, total(value) ?? zerosLike(value, graph, to)])))
  const free = freeNames({ ...graph, nodes: [...graph.nodes, ...made.nodes] })
  const gradients = new Map(wanted.map((value) => [value, free(`gradient of ${value}`)]))
  // A name of its own for each: two may be the same value, or a seed.
  const named = Array.from(gradients, ([value, name]): GraphNode => {
    return { ...NOWHERE, name: '', opType: 'Identity', inputs: [sums.get(value) ?? ''], outputs: [name] }
  })
  const nodes = [...graph.nodes, ...made.nodes, ...named]
  const initializers = [...graph.initializers, ...made.initializers]
  return { model: { ...model, graph: { ...graph, nodes, initializers } }, gradients, added: made.nodes.length }
}

const NOWHERE: Omit<GraphNode, 'name'> = { opType: 'Gradient', domain: '', inputs: [], outputs: [], attributes: new Map() }

interface Path {
  /** In the graph's order. */
  readonly nodes: readonly GraphNode[]
  /** Values on a path, whose gradients are needed. */
  readonly needed: ReadonlySet<string>
}

/** The nodes that depend on a wanted value by real numbers and that a seeded value depends on. */
function findPath(graph: Graph, seeds: readonly Seed[], wanted: readonly string[]): Path {
  const moved = new Set(wanted)
  const after: GraphNode[] = []
  for (const node of graph.nodes) {
    let uses = false
    for (const value of usesOf(node)) uses ||= moved.has(value)
    if (!uses) continue
    const real = node.outputs.filter((output) => output !== '' && isReal(typeOf(graph, output)))
    if (real.length === 0) continue
    for (const output of real) moved.add(output)
    after.push(node)
  }
  const reaching = new Set(seeds.map(({ value }) => value))
  const nodes = after.toReversed().filter((node) => {
    if (!node.outputs.some((output) => reaching.has(output))) return false
    for (const value of usesOf(node)) if (moved.has(value)) reaching.add(value)
    return true
  })
  return { nodes: nodes.toReversed(), needed: new Set(Array.from(reaching).filter((value) => moved.has(value))) }
}

function typeOf(graph: Graph, value: string): ElementType | null {
  return inferElementType(graph, value)
}

function ruleOf(node: GraphNode) {
  const operator = operatorOf(node)
  return Object.hasOwn(GRADIENT_RULES, operator) ? GRADIENT_RULES[operator] : undefined
}

function assertRules(path: readonly GraphNode[]): void {
  const missing = new Set(path.filter((node) => ruleOf(node) === undefined).map(operatorOf))
  if (missing.size > 0) throw new GradientError({ kind: 'no-gradient-rule', operators: Array.from(missing).toSorted() })
}

/** The gradient of a value that the target does not depend on. */
function zerosLike(value: string, graph: Graph, to: Emitter): string {
  return to.op('Expand', [to.real(gradientTypeOf(typeOf(graph, value)), [0]), to.op('Shape', [value])])
}
