// A small structural matcher: patterns are built from the combinators below and matched from a value backwards to its inputs.
// A pattern yields every way to match, so that operands of commutative operators are tried in both orders.

import { scalarOf } from '../ir/constant.ts'
import { type GraphNode, type Initializer, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'

/** Parameters are at most scaled, shifted and cast. */
const MAX_EXPRESSION_DEPTH = 4

/** Value names by the names that a pattern gives them. */
export type Bindings = ReadonlyMap<string, string>

export type Pattern = (value: string, index: GraphIndex, bound: Bindings) => Iterable<Bindings>

/** The first way a pattern matches at a value, null where there is none. */
export function match(pattern: Pattern, value: string, index: GraphIndex): Bindings | null {
  for (const bindings of pattern(value, index, new Map())) return bindings
  return null
}

/** Any value. */
export const any: Pattern = (_value, _index, bound) => [bound]

/** Gives the value a name; where the name is taken, the value must be the same. */
export function bind(name: string, pattern: Pattern = any): Pattern {
  return function* (value, index, bound) {
    const known = bound.get(name)
    if (known !== undefined) {
      if (known === value) yield bound
      return
    }
    yield* pattern(value, index, new Map(bound).set(name, value))
  }
}

/** The output of an operator whose first inputs match; inputs beyond the patterns given are free. */
export function op(operators: string | readonly string[], ...inputs: readonly Pattern[]): Pattern {
  return function* (value, index, bound) {
    const node = producerOf(value, index, operators)
    if (node !== null) yield* matchInputs(inputs, node.inputs, index, bound)
  }
}

/** Like `op` with two inputs, in either order. */
export function commutative(operators: string | readonly string[], left: Pattern, right: Pattern): Pattern {
  const inOrder = op(operators, left, right)
  const reversed = op(operators, right, left)
  return either(inOrder, reversed)
}

/** Whichever pattern matches, tried in order. */
export function either(...patterns: readonly Pattern[]): Pattern {
  return function* (value, index, bound) {
    for (const pattern of patterns) yield* pattern(value, index, bound)
  }
}

/** A constant, where given one that passes a test. */
export function constant(test: (initializer: Initializer) => boolean = () => true): Pattern {
  return (value, index, bound) => {
    const initializer = index.initializer(value)
    return initializer !== undefined && test(initializer) ? [bound] : []
  }
}

/** A constant that is one number. */
export function number(wanted: number): Pattern {
  return constant((initializer) => scalarOf(initializer) === wanted)
}

/** A constant, or what operators make of constants alone. */
export const constantExpression: Pattern = (value, index, bound) =>
  isConstantExpression(value, index, MAX_EXPRESSION_DEPTH) ? [bound] : []

function isConstantExpression(value: string, index: GraphIndex, depth: number): boolean {
  if (index.initializer(value) !== undefined) return true
  const node = index.producer(value)
  return (
    depth > 0 && node !== undefined && node.inputs.length > 0 && node.inputs.every((input) => isConstantExpression(input, index, depth - 1))
  )
}

/** The pattern behind any number of operators, each followed through its first input. */
export function through(operators: readonly string[], pattern: Pattern): Pattern {
  return function* (value, index, bound) {
    yield* pattern(value, index, bound)
    const input = producerOf(value, index, operators)?.inputs[0]
    if (input !== undefined && input !== '') yield* through(operators, pattern)(input, index, bound)
  }
}

function producerOf(value: string, index: GraphIndex, operators: string | readonly string[]): GraphNode | null {
  const node = index.producer(value)
  if (node === undefined) return null
  const operator = operatorOf(node)
  return (typeof operators === 'string' ? operator === operators : operators.includes(operator)) ? node : null
}

function* matchInputs(patterns: readonly Pattern[], values: readonly string[], index: GraphIndex, bound: Bindings): Iterable<Bindings> {
  const [pattern, ...laterPatterns] = patterns
  if (pattern === undefined) {
    yield bound
    return
  }
  const [value, ...laterValues] = values
  if (value === undefined || value === '') return
  for (const bindings of pattern(value, index, bound)) yield* matchInputs(laterPatterns, laterValues, index, bindings)
}
