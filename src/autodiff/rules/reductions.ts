// Reductions over axes: a gradient goes back to every element that took part.

import { intAttribute, intsAttribute } from '#graph/ir/graph'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'

/** What a rule makes of the gradient and the result, both with the reduced axes kept at length 1. */
type Spread = (s: RuleContext, gradient: string, result: string) => string

function reduction(spread: Spread): GradientRule {
  return (s) => {
    if (!s.needs(0)) return [null]
    return [spread(s, withAxes(s, s.gradient), withAxes(s, s.output()))]
  }
}

/** A value of the output's shape with the axes that were reduced away put back. */
function withAxes(s: RuleContext, value: string): string {
  if (intAttribute(s.node, 'keepdims', 1) !== 0) return value
  const axes = axesOf(s)
  if (axes !== null) return s.op('Unsqueeze', [value, axes])
  // All axes: one element is left.
  return s.to.reshape(value, new Array<number>(s.rank(s.name(0))).fill(1))
}

/** The axes as a value, null for all. */
function axesOf(s: RuleContext): string | null {
  const axes = intsAttribute(s.node, 'axes')
  if (axes !== null) return s.to.ints(axes)
  return s.has(1) ? s.name(1) : null
}

const spreadOut = (s: RuleContext, value: string): string => s.op('Expand', [value, s.shape(s.name(0))])

/** How many elements were taken together: known, or counted as the graph runs. */
function groupSize(s: RuleContext): string {
  const [before, after] = [s.dims(s.name(0)), s.nodeDims]
  const isKnown = (size: number | string): size is number => typeof size === 'number'
  if (intAttribute(s.node, 'keepdims', 1) !== 0) {
    const reduced = before.filter((size, axis) => size !== after[axis])
    if (reduced.every(isKnown)) return s.number(reduced.reduce((count, size) => count * size, 1))
  }
  const count = (value: string): string => s.to.cast(s.op('Size', [value]), 'int64', s.type)
  return s.op('Div', [count(s.name(0)), count(s.node.outputs[0] ?? '')])
}

const mean: Spread = (s, gradient) => spreadOut(s, s.op('Div', [gradient, groupSize(s)]))

/** Elements that are equal to the extreme one share the gradient. */
const extreme: Spread = (s, gradient, result) => {
  const isChosen = s.indicator(s.op('Equal', [s.input(0), result]))
  const axes = axesOf(s)
  const count = s.op('ReduceSum', [isChosen, ...(axes === null ? [] : [axes])], { keepdims: 1 })
  return s.mul(isChosen, s.op('Div', [gradient, count]))
}

/** x / |x|, and 0 at 0. */
const euclidean: Spread = (s, gradient, result) => {
  const isZero = s.op('Equal', [result, s.number(0)])
  const divisor = s.op('Where', [isZero, s.number(1), result])
  return s.mul(s.input(0), s.op('Div', [gradient, divisor]))
}

const absolute: Spread = (s, gradient) => {
  const x = s.input(0)
  const negative = s.op('Where', [s.op('Less', [x, s.number(0)]), s.op('Neg', [gradient]), s.number(0)])
  return s.op('Where', [s.op('Greater', [x, s.number(0)]), gradient, negative])
}

/** The reverse of a running sum is the running sum from the other end. */
const cumulated: GradientRule = (s) => {
  const [exclusive, reverse] = ['exclusive', 'reverse'].map((name) => intAttribute(s.node, name, 0))
  return [s.needs(0) ? s.op('CumSum', [s.gradient, s.name(1)], { exclusive: exclusive ?? 0, reverse: 1 - (reverse ?? 0) }) : null, null]
}

export const reductionRules: GradientRules = {
  ReduceSum: reduction(spreadOut),
  ReduceMean: reduction(mean),
  ReduceMax: reduction(extreme),
  ReduceMin: reduction(extreme),
  ReduceSumSquare: reduction((s, gradient) => s.mul(s.scaled(s.input(0), 2), gradient)),
  ReduceL1: reduction(absolute),
  ReduceL2: reduction(euclidean),
  ReduceLogSumExp: reduction((s, gradient, result) => s.mul(s.op('Exp', [s.op('Sub', [s.input(0), result])]), gradient)),
  CumSum: cumulated,
}
