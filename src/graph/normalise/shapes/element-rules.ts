// Elements of small results from elements of operands: the arithmetic that exporters write around shapes, masks' sizes and scales.
// A row for each operator; one without a row has a result whose elements are not followed.

import { numbersOf } from '../../constant.ts'
import { elementTypeOf } from '../../element-type.ts'
import { intAttribute, intsAttribute } from '../../graph.ts'
import { axesOf, numbersIn, placeOf, type Scene } from './facts.ts'
import { slicedDims, sliceIndices } from './shape-rules.ts'
import { product, type Size } from './symbols.ts'

type Elements = readonly Size[] | null

/** Elements of an output of known dimensions `dims`, in row-major order. */
export type ElementRule = (scene: Scene, dims: readonly number[], output: number) => Elements

/** One element from one element of each operand; null where a symbol is needed. */
type Operation = (values: readonly number[], integer: boolean) => number
/** The result on operands of which some are symbols, null where it has no simpler name. */
type Simplify = (operands: readonly Size[], scene: Scene) => Size | null

const INTEGER_TYPES: ReadonlySet<string> = new Set(['int64', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'uint32', 'uint64', 'bool'])

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
function operandOf(scene: Scene, place: number, dims: readonly number[]): ((at: number) => Size | undefined) | null {
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
      const size = dims[axis] ?? 1
      from += (rest % size) * (strides[axis - dims.length + own.length] ?? 0)
      rest = Math.floor(rest / size)
    }
    return elements[from]
  }
}

const truth = (value: boolean): number => (value ? 1 : 0)

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

const cast: ElementRule = (scene) => {
  const { elements } = scene.input(0)
  if (elements === null) return null
  const target = elementTypeOf(intAttribute(scene.node, 'to', 0)) ?? ''
  const whole = scene.isInteger(0)
  return elements.map((value) => {
    if (target === 'bool') return typeof value === 'number' ? truth(value !== 0) : scene.symbols.result('Cast:bool', [value])
    // Lengths are far below what float32 holds exactly, so a cast there and back changes nothing.
    if (typeof value === 'string') return whole ? value : scene.symbols.result(`Cast:${target}`, [value])
    return INTEGER_TYPES.has(target) ? Math.trunc(value) : target === 'float32' ? Math.fround(value) : value
  })
}

const asTheyAre: ElementRule = (scene) => scene.input(0).elements

const gather: ElementRule = (scene) => {
  const { elements, dims } = scene.input(0)
  const indices = numbersIn(scene.input(1))
  if (elements === null || indices === null || dims?.length !== 1) return null
  const picked = indices.map((index) => elements[placeOf(index, elements.length)])
  const known = picked.filter((value) => value !== undefined)
  return known.length === picked.length ? known : null
}

const concat: ElementRule = (scene, dims) => {
  const parts = Array.from(scene.node.inputs.keys(), (place) => scene.input(place).elements)
  const known = parts.filter((elements) => elements !== null)
  return dims.length === 1 && known.length === parts.length ? known.flat() : null
}

const slice: ElementRule = (scene, dims) => {
  const { elements } = scene.input(0)
  const [starts, ends, steps] = [1, 2, 4].map((place) => numbersIn(scene.input(place)))
  const [start] = starts ?? []
  const [end] = ends ?? []
  const step = (scene.node.inputs[4] ?? '') === '' ? 1 : steps?.[0]
  if (elements === null || dims.length !== 1 || start === undefined || end === undefined || step === undefined) return null
  return sliceIndices(elements.length, start, end, step).flatMap((index) => elements[index] ?? [])
}

const split: ElementRule = (scene, dims, output) => {
  const { elements } = scene.input(0)
  const sizes = intsAttribute(scene.node, 'split') ?? numbersIn(scene.input(1))
  if (elements === null || dims.length !== 1) return null
  const size = dims[0] ?? 0
  const start = sizes === null ? output * size : sizes.slice(0, output).reduce((sum, part) => sum + part, 0)
  return elements.slice(start, start + size)
}

const filled: ElementRule = (scene, dims) => {
  const value = scene.node.attributes.get('value')
  const number = value?.kind === 'tensor' ? numbersOf(value.value)?.[0] : 0
  return number === undefined ? null : Array.from({ length: dims.reduce((total, size) => total * size, 1) }, () => number)
}

const range: ElementRule = (scene, dims) => {
  const [start, delta] = [0, 2].map((place) => scene.input(place).elements?.[0])
  if (typeof start !== 'number' || typeof delta !== 'number') return null
  return Array.from({ length: dims[0] ?? 0 }, (_, place) => start + place * delta)
}

const expand: ElementRule = (scene, dims) => {
  const value = operandOf(scene, 0, dims)
  if (value === null) return null
  const count = dims.reduce((total, size) => total * size, 1)
  const elements = Array.from({ length: count }, (_, at) => value(at)).filter((element) => element !== undefined)
  return elements.length === count ? elements : null
}

const reduceAll =
  (combine: (elements: readonly Size[], scene: Scene) => Size | null): ElementRule =>
  (scene) => {
    const { elements, dims } = scene.input(0)
    const axes = axesOf(scene)
    const whole = dims?.length === 1 && (axes === null || (axes !== 'unknown' && axes.length === 1))
    const result = elements !== null && whole ? combine(elements, scene) : null
    return result === null ? null : [result]
  }

const multiplyAll = reduceAll((elements, { symbols }) => (elements.every((size) => symbols.isSize(size)) ? product(elements) : null))
const addAll = reduceAll((elements, { symbols }) => elements.reduce((sum, size) => symbols.sum(sum, size), 0))

const transpose: ElementRule = (scene) => ((scene.input(0).dims?.length ?? 2) < 2 ? scene.input(0).elements : null)

export const ELEMENT_RULES: ReadonlyMap<string, ElementRule> = new Map<string, ElementRule>([
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
  ['Identity', asTheyAre],
  ['Reshape', asTheyAre],
  ['Squeeze', asTheyAre],
  ['Unsqueeze', asTheyAre],
  ['Flatten', asTheyAre],
  ['Transpose', transpose],
  ['Cast', cast],
  ['Shape', slicedDims],
  ['Size', (scene) => (scene.input(0).dims === null ? null : [product(scene.input(0).dims ?? [])])],
  ['Gather', gather],
  ['Concat', concat],
  ['Slice', slice],
  ['Split', split],
  ['ConstantOfShape', filled],
  ['Range', range],
  ['Expand', expand],
  ['ReduceProd', multiplyAll],
  ['ReduceSum', addAll],
])
