// Element by element: arithmetic, comparisons and choices on numbers, and what is known of them on symbols.

import { elementAt } from '#tensor/vector'
import type { ElementRule, RuleContext } from './facts.ts'
import { product, type Size } from './symbols.ts'

/** One element from one element of each operand; null where a symbol is needed. */
type Operation = (values: readonly number[], integer: boolean) => number
/** The result on operands of which some are symbols, null where it has no simpler name. */
type Simplify = (operands: readonly Size[], scene: RuleContext) => Size | null

function elementwise(operation: Operation, simplify: Simplify = () => null): ElementRule {
  return (scene, dims) => {
    const count = dims.reduce((total, size) => total * size, 1)
    const operands = Array.from(scene.node.inputs.keys(), (place) => operandOf(scene, place, dims))
    const integer = scene.isInteger(0)
    const results: Size[] = []
    for (let at = 0; at < count; at++) {
      const values = operands.map((operand) => operand?.(at) ?? null)
      const known = values.filter((value) => value !== null)
      if (known.length !== values.length) return null
      const numbers = known.filter((value) => typeof value === 'number')
      if (numbers.length === known.length) results.push(operation(numbers, integer))
      else results.push(simplify(known, scene) ?? scene.symbols.result(`${scene.node.opType}:${integer ? 'whole' : 'real'}`, known))
    }
    return results
  }
}

/** The element of an operand that meets the result's element at a place, by broadcasting. */
export function operandOf(scene: RuleContext, place: number, dims: readonly number[]): ((at: number) => Size | undefined) | null {
  const { elements, dims: own } = scene.input(place)
  if (elements === null || own === null) return null
  if (elements.length === 1) return () => elements[0]
  const strides: number[] = []
  let stride = 1
  for (const size of own.toReversed()) {
    strides.unshift(size === 1 ? 0 : stride)
    stride *= typeof size === 'number' ? size : 1
  }
  return (at) => {
    let rest = at
    let from = 0
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const size = elementAt(dims, axis)
      from += (rest % size) * (strides.at(axis - dims.length) ?? 0)
      rest = Math.floor(rest / size)
    }
    return elements[from]
  }
}

export const truth = (value: boolean): number => (value ? 1 : 0)

const divide: Operation = ([left = 0, right = 1], integer) => (integer ? Math.trunc(left / right) : Math.fround(left / right))
const float: (operation: (values: readonly number[]) => number) => Operation = (operation) => (values, integer) =>
  integer ? operation(values) : Math.fround(operation(values))

const multiply: Simplify = (operands, { symbols }) => {
  if (operands.includes(0)) return 0
  return operands.every((operand) => symbols.isSize(operand)) ? product(operands) : null
}
const add: Simplify = ([left = 0, right = 0], { symbols }) => symbols.sum(left, right)
const subtract: Simplify = ([left, right]) => (left === right ? 0 : right === 0 ? (left ?? null) : null)
const over: Simplify = ([left, right]) => (right === 1 ? (left ?? null) : null)

/** Equal symbols are equal; a size is never negative; two different symbols may be equal or not. */
const equal: Simplify = ([left = 0, right = 0], { symbols }) => {
  if (left === right) return 1
  const negative = [left, right].some((value) => typeof value === 'number' && value < 0)
  return negative && [left, right].some((value) => typeof value === 'string' && symbols.isSize(value)) ? 0 : null
}
const less: Simplify = ([left = 0, right = 0], { symbols }) => {
  if (left === right) return 0
  return typeof right === 'number' && right <= 0 && symbols.isSize(left) ? 0 : null
}
const greater: Simplify = ([left = 0, right = 0], scene) => less([right, left], scene)
const choose: Simplify = ([condition, yes = 0, no = 0]) => {
  if (typeof condition === 'number') return condition !== 0 ? yes : no
  return yes === no ? yes : null
}

export const ELEMENTWISE_RULES: readonly (readonly [string, ElementRule])[] = [
  [
    'Add',
    elementwise(
      float(([left = 0, right = 0]) => left + right),
      add,
    ),
  ],
  [
    'Sub',
    elementwise(
      float(([left = 0, right = 0]) => left - right),
      subtract,
    ),
  ],
  [
    'Mul',
    elementwise(
      float(([left = 0, right = 0]) => left * right),
      multiply,
    ),
  ],
  ['Div', elementwise(divide, over)],
  ['Mod', elementwise(([left = 0, right = 1]) => left - right * Math.floor(left / right))],
  ['Neg', elementwise(([value = 0]) => -value)],
  ['Abs', elementwise(([value = 0]) => Math.abs(value))],
  ['Sqrt', elementwise(float(([value = 0]) => Math.sqrt(value)))],
  ['Reciprocal', elementwise(float(([value = 0]) => 1 / value))],
  ['Floor', elementwise(([value = 0]) => Math.floor(value))],
  ['Ceil', elementwise(([value = 0]) => Math.ceil(value))],
  ['Max', elementwise((values) => Math.max(...values))],
  ['Min', elementwise((values) => Math.min(...values))],
  ['Equal', elementwise(([left, right]) => truth(left === right), equal)],
  ['Less', elementwise(([left = 0, right = 0]) => truth(left < right), less)],
  ['LessOrEqual', elementwise(([left = 0, right = 0]) => truth(left <= right))],
  ['Greater', elementwise(([left = 0, right = 0]) => truth(left > right), greater)],
  ['GreaterOrEqual', elementwise(([left = 0, right = 0]) => truth(left >= right))],
  ['Not', elementwise(([value]) => truth(value === 0))],
  ['And', elementwise(([left, right]) => truth(left !== 0 && right !== 0))],
  ['Or', elementwise(([left, right]) => truth(left !== 0 || right !== 0))],
  ['Where', elementwise(([condition, yes = 0, no = 0]) => (condition !== 0 ? yes : no), choose)],
]
