// Elements of small results from elements of operands: the arithmetic that exporters write around shapes, masks' sizes and scales.
// A row for each operator; one without a row has a result whose elements are not followed.

import { elementAt } from '#tensor/vector'
import { numbersOf } from '../ir/constant.ts'
import { elementTypeOf } from '../ir/element-type.ts'
import { intAttribute, intsAttribute } from '../ir/graph.ts'
import { ELEMENTWISE_RULES, operandOf, truth } from './elementwise-rules.ts'
import { axesOf, axisOf, type ElementRule, numbersIn, placeOf, type RuleContext } from './facts.ts'
import { slicedDims, sliceRange } from './movement-rules.ts'
import { product, type Size } from './symbols.ts'

/** Elements at all places; null where one is missing. */
function complete(count: number, element: (at: number) => Size | undefined): readonly Size[] | null {
  const elements = Array.from({ length: count }, (_, at) => element(at)).filter((one) => one !== undefined)
  return elements.length === count ? elements : null
}

/** Sizes that are all known as numbers. */
function sizesIn(dims: readonly Size[]): readonly number[] | null {
  const sizes = dims.filter((size) => typeof size === 'number')
  return sizes.length === dims.length ? sizes : null
}

const INTEGER_TYPES: ReadonlySet<string> = new Set(['int64', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'uint32', 'uint64', 'bool'])

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

const gather: ElementRule = (scene, dims) => {
  const { elements, dims: own } = scene.input(0)
  const indices = numbersIn(scene.input(1))
  if (elements === null || indices === null || own === null) return null
  const axis = axisOf(scene.node, own.length, 0)
  const size = own[axis]
  const inner = sizesIn(own.slice(axis + 1))
  if (typeof size !== 'number' || inner === null) return null
  const row = inner.reduce((total, one) => total * one, 1)
  const count = dims.reduce((total, one) => total * one, 1)
  return complete(count, (at) => {
    const index = indices[Math.floor(at / row) % Math.max(1, indices.length)]
    if (index === undefined) return undefined
    const from = placeOf(index, size)
    return elements[(Math.floor(at / (row * indices.length)) * size + from) * row + (at % row)]
  })
}

const concat: ElementRule = (scene, dims) => {
  const parts = Array.from(scene.node.inputs.keys(), (place) => scene.input(place).elements)
  const known = parts.filter((elements) => elements !== null)
  return dims.length === 1 && known.length === parts.length ? known.flat() : null
}

const slice: ElementRule = (scene, dims) => {
  const { elements, dims: own } = scene.input(0)
  const [starts, ends] = [1, 2].map((place) => numbersIn(scene.input(place)))
  const isNamed = (place: number): boolean => (scene.node.inputs[place] ?? '') !== ''
  const numbersAt = (place: number): readonly number[] | null => (isNamed(place) ? numbersIn(scene.input(place)) : null)
  const sizes = own === null ? null : sizesIn(own)
  if (elements === null || sizes === null || starts == null || ends == null) return null
  if ([3, 4].some((place) => isNamed(place) && numbersAt(place) === null)) return null
  const axes = (numbersAt(3) ?? starts.map((_, axis) => axis)).map((axis) => placeOf(axis, sizes.length))
  const steps = numbersAt(4) ?? starts.map(() => 1)
  // Damaged: as many numbers as axes, and a result with the axes of what is cut, are the operator's own rules.
  if ([ends, axes, steps].some(({ length }) => length !== starts.length) || dims.length !== sizes.length) return null
  const ranges = sizes.map((size, axis) => {
    const at = axes.indexOf(axis)
    if (at < 0) return { first: 0, step: 1 }
    const step = elementAt(steps, at)
    return { first: sliceRange(size, elementAt(starts, at), elementAt(ends, at), step).first, step }
  })
  const count = dims.reduce((total, one) => total * one, 1)
  return complete(count, (at) => {
    let [rest, from, stride] = [at, 0, 1]
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const { first, step } = elementAt(ranges, axis)
      const size = elementAt(dims, axis)
      from += (first + (rest % size) * step) * stride
      rest = Math.floor(rest / size)
      stride *= elementAt(sizes, axis)
    }
    return elements[from]
  })
}

/** Running sums along an axis, as positions are counted from a mask. */
const cumSum: ElementRule = (scene, dims) => {
  const elements = numbersIn(scene.input(0))
  const axis = numbersIn(scene.input(1))?.[0]
  const { node } = scene
  if (elements === null || axis === undefined || intAttribute(node, 'exclusive', 0) + intAttribute(node, 'reverse', 0) > 0) return null
  const place = placeOf(axis, dims.length)
  const along = dims[place]
  if (along === undefined) return null
  const stride = dims.slice(place + 1).reduce((total, size) => total * size, 1)
  const sums: number[] = []
  elements.forEach((value, at) => {
    const isFirst = Math.floor(at / stride) % along === 0
    sums.push(isFirst ? value : value + elementAt(sums, at - stride))
  })
  return sums
}

const split: ElementRule = (scene, dims, output) => {
  const { elements } = scene.input(0)
  const sizes = intsAttribute(scene.node, 'split') ?? numbersIn(scene.input(1))
  const [size] = dims
  if (elements === null || size === undefined || dims.length !== 1) return null
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
  const [length] = dims
  if (typeof start !== 'number' || typeof delta !== 'number' || length === undefined) return null
  return Array.from({ length }, (_, place) => start + place * delta)
}

const expand: ElementRule = (scene, dims) => {
  const value = operandOf(scene, 0, dims)
  if (value === null) return null
  return complete(
    dims.reduce((total, size) => total * size, 1),
    value,
  )
}

const reduceAll =
  (combine: (elements: readonly Size[], scene: RuleContext) => Size | null): ElementRule =>
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
  ...ELEMENTWISE_RULES,
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
  ['CumSum', cumSum],
  ['Split', split],
  ['ConstantOfShape', filled],
  ['Range', range],
  ['Expand', expand],
  ['ReduceProd', multiplyAll],
  ['ReduceSum', addAll],
])
