// Parts that are chosen by places: gradients go back to where the elements came from, zero elsewhere, and are summed where an element
// was taken more than once.

import { intAttribute } from '#graph/ir/graph'
import { numbersIn } from '#graph/shapes/facts'
import { inferShapes } from '#graph/shapes/infer-shapes'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'

const gather: GradientRule = (s) => {
  if (!s.needs(0)) return [null, null]
  const axis = axisOf(s)
  const [single, ...others] = numbersOf(s, s.name(1)) ?? []
  const indexRank = s.rank(s.name(1))
  if (single !== undefined && others.length === 0 && indexRank < 2) {
    return [padded(s, [{ axis, start: single, isPoint: indexRank === 0 }]), null]
  }
  const places = s.op('Cast', [s.to.reshape(s.name(1), [-1])], { to: INT64 })
  return [s.reshapedLike(scattered(s, axis, places), s.name(0)), null]
}

const INT64 = 7

function axisOf(s: RuleContext): number {
  const axis = intAttribute(s.node, 'axis', 0)
  return axis < 0 ? axis + s.rank(s.name(0)) : axis
}

function numbersOf(s: RuleContext, value: string): readonly number[] | null {
  return numbersIn(inferShapes(s.to.index.graph)(value))
}

/** Length of the input along an axis, as a vector of one. */
function lengthOf(s: RuleContext, axis: number): string {
  return s.op('Gather', [s.shape(s.name(0)), s.to.ints([axis])])
}

/**
 * The gradient, moved to its places along an axis by a product with a matrix of zeros and ones [length, places]: sums what was taken
 * twice, on every backend. In shape [axes before, length, rest].
 */
function scattered(s: RuleContext, axis: number, places: string): string {
  const length = lengthOf(s, axis)
  const all = s.op('Range', [s.to.int(0), s.op('Squeeze', [length]), s.to.int(1)])
  // A negative place counts from the end.
  const fromStart = s.op('Where', [s.op('Less', [places, s.to.ints([0])]), s.op('Add', [places, length]), places])
  const hits = s.op('Equal', [s.to.unsqueeze(all, [1]), s.to.unsqueeze(fromStart, [0])])
  const matrix = s.indicator(hits)
  const before = s.to.slice(s.shape(s.name(0)), 0, 0, axis)
  const after = s.to.slice(s.shape(s.name(0)), 0, axis + 1, s.rank(s.name(0)))
  // The rest is counted, not left to -1, which has no meaning where there are no elements.
  const rest = s.op('ReduceProd', [after], { keepdims: 1 })
  const rows = s.op('Reshape', [s.gradient, s.op('Concat', [before, s.shape(places), rest], { axis: 0 })])
  return s.op('MatMul', [matrix, rows])
}

/** A window along an axis, from `start` on, which may be counted from the end. */
interface Window {
  readonly axis: number
  /** A number, or the name of a vector of one int64. */
  readonly start: number | string
  /** Whether the window is one place whose axis is gone from the output. */
  readonly isPoint: boolean
}

/** The gradient of windows, with zeros around it. */
function padded(s: RuleContext, windows: readonly Window[]): string {
  const rank = s.rank(s.name(0))
  const points = windows.filter(({ isPoint }) => isPoint).map(({ axis }) => axis)
  const whole = points.length > 0 ? s.to.unsqueeze(s.gradient, points) : s.gradient
  const before = new Array<number | string>(rank).fill(0)
  const after = [...before]
  for (const window of windows) {
    const [begin, rest] = margins(s, window)
    before[window.axis] = begin
    after[window.axis] = rest
  }
  return s.op('Pad', [whole, vectorOf(s, [...before, ...after])])
}

/** How much of the input lies before a window and behind it. */
function margins(s: RuleContext, { axis, start, isPoint }: Window): readonly [number | string, number | string] {
  const length = s.dims(s.name(0))[axis]
  const own = isPoint ? 1 : s.nodeDims[axis]
  if (typeof start === 'number' && typeof length === 'number' && typeof own === 'number') {
    const begin = Math.min(start < 0 ? Math.max(start + length, 0) : start, length)
    return [begin, length - begin - own]
  }
  const whole = lengthOf(s, axis)
  const begin = start === 0 ? s.to.ints([0]) : startValue(s, start, whole)
  const taken = isPoint ? s.to.ints([1]) : s.op('Gather', [s.shape(s.node.outputs[0] ?? ''), s.to.ints([axis])])
  return [start === 0 ? 0 : begin, s.op('Sub', [s.op('Sub', [whole, begin]), taken])]
}

/** A start as Slice understands it: from the end where negative, and never outside. */
function startValue(s: RuleContext, start: number | string, length: string): string {
  const none = s.to.ints([0])
  const value = typeof start === 'number' ? s.to.ints([start]) : start
  const counted = s.op('Where', [s.op('Less', [value, none]), s.op('Max', [s.op('Add', [value, length]), none]), value])
  return s.op('Min', [counted, length])
}

/** Numbers and vectors of one, one behind the other. */
function vectorOf(s: RuleContext, parts: readonly (number | string)[]): string {
  const known = parts.filter((part) => typeof part === 'number')
  if (known.length === parts.length) return s.to.ints(known)
  return s.op(
    'Concat',
    parts.map((part) => (typeof part === 'number' ? s.to.ints([part]) : part)),
    { axis: 0 },
  )
}

const slice: GradientRule = (s) => {
  const nothing: readonly (string | null)[] = s.node.inputs.map(() => null)
  if (!s.needs(0)) return nothing
  const rank = s.rank(s.name(0))
  const axes = slicedAxes(s, rank)
  const steps = s.has(4) ? (numbersOf(s, s.name(4)) ?? s.refuse('steps that are computed')) : []
  if (steps.every((step) => step === 1)) {
    const windows = axes.map((axis, place): Window => ({ axis, start: partOf(s, s.name(1), place), isPoint: false }))
    return nothing.with(0, padded(s, windows))
  }
  const [axis = 0] = axes
  if (axes.length > 1) return s.refuse('steps on more than one axis')
  const all = s.op('Range', [s.to.int(0), s.op('Squeeze', [lengthOf(s, axis)]), s.to.int(1)])
  const places = s.op('Slice', [all, s.name(1), s.name(2), s.to.ints([0]), s.name(4)])
  return nothing.with(0, s.reshapedLike(scattered(s, axis, places), s.name(0)))
}

/** The axes that are cut, counted from the first. */
function slicedAxes(s: RuleContext, rank: number): readonly number[] {
  if (s.has(3)) return (numbersOf(s, s.name(3)) ?? s.refuse('axes that are computed')).map((axis) => (axis < 0 ? axis + rank : axis))
  const [count] = s.dims(s.name(1))
  return typeof count === 'number' ? Array.from({ length: count }, (_, axis) => axis) : s.refuse('axes that are not known')
}

/** An element of a vector of integers: its number where known, else a vector of one int64. */
function partOf(s: RuleContext, vector: string, place: number): number | string {
  const known = numbersOf(s, vector)?.[place]
  if (known !== undefined) return known
  return s.op('Cast', [s.to.slice(vector, 0, place, place + 1)], { to: INT64 })
}

const gatherElements: GradientRule = (s) => {
  if (!s.needs(0)) return [null, null]
  return [s.op('ScatterElements', [s.zeros(s.name(0)), s.name(1), s.gradient], { axis: axisOf(s), reduction: 'add' }), null]
}

const gatherNd: GradientRule = (s) => {
  if (!s.needs(0)) return [null, null]
  if (intAttribute(s.node, 'batch_dims', 0) !== 0) s.refuse('batch_dims')
  return [s.op('ScatterND', [s.zeros(s.name(0)), s.name(1), s.gradient], { reduction: 'add' }), null]
}

/** What was written over has no gradient; what was written has that of its places. */
const scatterElements: GradientRule = (s) => {
  refuseReduction(s)
  const axis = axisOf(s)
  return s.each((place) => {
    if (place === 2) return s.op('GatherElements', [s.gradient, s.name(1)], { axis })
    return s.op('ScatterElements', [s.gradient, s.name(1), s.zeros(s.name(2))], { axis })
  })
}

const scatterNd: GradientRule = (s) => {
  refuseReduction(s)
  return s.each((place) => {
    if (place === 2) return s.op('GatherND', [s.gradient, s.name(1)])
    return s.op('ScatterND', [s.gradient, s.name(1), s.zeros(s.name(2))])
  })
}

function refuseReduction(s: RuleContext): void {
  const reduction = s.node.attributes.get('reduction')
  if (reduction?.kind === 'string' && reduction.value !== 'none') s.refuse(`the reduction ${reduction.value}`)
}

/** The largest elements' gradients go back to their places. */
const topK: GradientRule = (s) => {
  const places = s.node.outputs[1] ?? ''
  if (!s.needs(0)) return [null, null]
  if (places === '') return s.refuse('no output of places')
  const axis = intAttribute(s.node, 'axis', -1)
  return [s.op('ScatterElements', [s.zeros(s.name(0)), places, s.gradient], { axis }), null]
}

export const indexingRules: GradientRules = {
  Gather: gather,
  Slice: slice,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  TopK: topK,
}
