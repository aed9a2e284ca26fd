// Elements of small results from elements of operands: the arithmetic that exporters write around shapes, masks' sizes and scales.
// A row for each operator; one without a row has a result whose elements are not followed.

import { numbersOf } from '../ir/constant.ts'
import { elementTypeOf } from '../ir/element-type.ts'
import { intAttribute, intsAttribute } from '../ir/graph.ts'
import { ELEMENTWISE_RULES, operandOf, truth } from './elementwise-rules.ts'
import { axesOf, type ElementRule, numbersIn, placeOf, type RuleContext } from './facts.ts'
import { slicedDims, sliceRange } from './movement-rules.ts'
import { product, type Size } from './symbols.ts'

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
  const { first, count } = sliceRange(elements.length, start, end, step)
  return Array.from({ length: count }, (_, at) => elements[first + at * step]).filter((element) => element !== undefined)
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
  ['Split', split],
  ['ConstantOfShape', filled],
  ['Range', range],
  ['Expand', expand],
  ['ReduceProd', multiplyAll],
  ['ReduceSum', addAll],
])
