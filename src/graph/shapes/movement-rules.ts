// Shapes of results of operators that only move elements: rows of `shape-rules.ts`.

import { elementAt } from '#tensor/vector'
import { intAttribute, intsAttribute } from '../ir/graph.ts'
import { allKnown, axesOf, axisOf, type Dims, numbersIn, openDims, placeOf, type RuleContext, type ShapeRule } from './facts.ts'
import { product, quotient } from './symbols.ts'

export const gather: ShapeRule = (scene) => {
  const data = scene.input(0).dims
  const indices = scene.input(1).dims
  if (data === null || indices === null) return null
  const axis = axisOf(scene.node, data.length, 0)
  return [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]
}

export const transpose: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  if (dims === null) return null
  const perm = intsAttribute(scene.node, 'perm')
  return perm === null ? dims.toReversed() : allKnown(perm.map((axis) => dims[axis]))
}

export const reshape: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const { elements: wanted, dims: shapeDims } = scene.input(1)
  const rank = shapeDims?.[0]
  if (wanted === null) return openDims(scene, rank)
  const copiesZero = intAttribute(scene.node, 'allowzero', 0) === 0
  const known = wanted.map((size, axis) => (size === 0 && copiesZero ? (dims?.[axis] ?? scene.unnamed(0, axis)) : size))
  return known.map((size, axis) => {
    if (size !== -1) return scene.symbols.isSize(size) ? size : scene.unnamed(0, axis)
    const rest = product(known.filter((other) => other !== -1))
    const open = dims === null || rest === 0 ? null : quotient(product(dims), rest)
    return open ?? scene.unnamed(0, axis)
  })
}

export const unsqueeze: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const axes = axesOf(scene)
  if (dims === null || axes === null || axes === 'unknown') return null
  const rank = dims.length + axes.length
  const added = new Set(axes.map((axis) => placeOf(axis, rank)))
  let next = 0
  return allKnown(Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : dims[next++])))
}

export const squeeze: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const axes = axesOf(scene)
  if (dims === null || axes === 'unknown') return null
  if (axes === null) return dims.every((size) => typeof size === 'number') ? dims.filter((size) => size !== 1) : null
  const removed = new Set(axes.map((axis) => placeOf(axis, dims.length)))
  return dims.filter((_, axis) => !removed.has(axis))
}

export const concat: ShapeRule = (scene) => {
  const parts = Array.from(scene.node.inputs.keys(), (place) => scene.input(place).dims)
  const known = parts.filter((dims) => dims !== null)
  const [first] = known
  if (first === undefined || known.length !== parts.length || known.some(({ length }) => length !== first.length)) return null
  const axis = axisOf(scene.node, first.length, 0)
  return first.map((size, place) => {
    if (place !== axis) return known.map((dims) => dims[place]).find((other) => typeof other === 'number') ?? size
    return known.map((dims) => elementAt(dims, place)).reduce((sum, part) => scene.symbols.sum(sum, part))
  })
}

export const slice: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  if (dims === null) return null
  const starts = numbersIn(scene.input(1))
  const ends = numbersIn(scene.input(2))
  const axes = (scene.node.inputs[3] ?? '') === '' ? Array.from(dims.keys()) : numbersIn(scene.input(3))
  const steps = (scene.node.inputs[4] ?? '') === '' ? null : numbersIn(scene.input(4))
  if (axes === null) return dims.map((_, axis) => scene.unnamed(0, axis))
  const places = axes.map((axis) => placeOf(axis, dims.length))
  const count = (starts ?? scene.input(1).elements ?? axes).length
  return dims.map((size, axis) => {
    const at = places.slice(0, count).indexOf(axis)
    if (at < 0) return size
    const start = starts?.[at]
    const end = ends?.[at]
    const step = scene.node.inputs[4] ? steps?.[at] : 1
    if (start === 0 && end !== undefined && end >= Number.MAX_SAFE_INTEGER && step === 1) return size
    const whole = typeof size === 'number' && start !== undefined && end !== undefined && step !== undefined
    return whole ? sliceRange(size, start, end, step).count : scene.unnamed(0, axis)
  })
}

/** Where a slice of `size` elements begins and how many it takes, as the operator counts them. */
export function sliceRange(size: number, start: number, end: number, step: number): { readonly first: number; readonly count: number } {
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value < 0 ? value + size : value, low), high)
  const first = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1)
  const stop = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1)
  return { first, count: step === 0 ? 0 : Math.max(0, Math.ceil((stop - first) / step)) }
}

export const split: ShapeRule = (scene, output) => {
  const { dims } = scene.input(0)
  if (dims === null) return null
  const axis = axisOf(scene.node, dims.length, 0)
  const sizes = intsAttribute(scene.node, 'split') ?? scene.input(1).elements
  const whole = dims[axis]
  if (whole === undefined) return null
  const even = quotient(whole, scene.node.outputs.length)
  const own = (scene.node.inputs[1] ?? '') === '' && sizes === null ? even : sizes?.[output]
  return dims.map((size, place) => (place === axis ? (own ?? scene.unnamed(output, axis)) : size))
}

export const tile: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  const { elements } = scene.input(1)
  return dims === null
    ? null
    : dims.map((size, axis) => {
        const times = elements?.[axis]
        return times === undefined ? scene.unnamed(0, axis) : product([size, times])
      })
}

/** The dimensions that a Shape gives, which may be a part. */
export function slicedDims({ node, input }: RuleContext): Dims {
  const { dims } = input(0)
  return dims === null ? null : dims.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', dims.length))
}

export const flatten: ShapeRule = (scene) => {
  const { dims } = scene.input(0)
  if (dims === null) return null
  const axis = axisOf(scene.node, dims.length, 1)
  return [product(dims.slice(0, axis)), product(dims.slice(axis))]
}
