// Softmax and norms: functions of a whole row.

import { intAttribute } from '#graph/ir/graph'
import { floatAttribute } from '#graph/lower/lowering'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'
import { sumOver } from '../unbroadcast.ts'

function sumAlong(s: RuleContext, value: string, axes: readonly number[]): string {
  return s.op('ReduceSum', [value, s.to.ints(axes)], { keepdims: 1 })
}

/** y (g - sum(g y)). */
const softmax: GradientRule = (s) => {
  if (!s.needs(0)) return [null]
  const y = s.output()
  const axis = intAttribute(s.node, 'axis', -1)
  return [s.mul(y, s.op('Sub', [s.gradient, sumAlong(s, s.mul(s.gradient, y), [axis])]))]
}

/** g - softmax(x) sum(g). */
const logSoftmax: GradientRule = (s) => {
  if (!s.needs(0)) return [null]
  const share = s.op('Exp', [s.output()])
  return [s.op('Sub', [s.gradient, s.mul(share, sumAlong(s, s.gradient, [intAttribute(s.node, 'axis', -1)]))])]
}

/**
 * With x^ = (x - mean) / deviation and h = g gain: (h - mean(h) - x^ mean(h x^)) / deviation
 * (Ba, Kiros and Hinton, "Layer Normalization", 2016, differentiated).
 */
const layerNorm: GradientRule = (s) => {
  if (s.gradientOf(1) !== null || s.gradientOf(2) !== null) s.refuse('its mean or deviation in use')
  const { x, axes } = normalised(s)
  const centred = s.op('Sub', [x, s.to.mean(x, axes)])
  const variance = s.to.mean(s.mul(centred, centred), axes)
  const deviation = s.op('Sqrt', [s.op('Add', [variance, s.number(epsilonOf(s))])])
  const unit = s.op('Div', [centred, deviation])
  return s.each((place) => {
    if (place === 1) return sumToParameter(s, s.mul(s.gradient, unit), 1)
    if (place === 2) return sumToParameter(s, s.gradient, 2)
    const scaled = s.mul(s.gradient, s.input(1))
    const alongRow = s.mul(unit, s.to.mean(s.mul(scaled, unit), axes))
    return s.op('Div', [s.op('Sub', [s.op('Sub', [scaled, s.to.mean(scaled, axes)]), alongRow]), deviation])
  })
}

/** The same without the mean: (h - x^ mean(h x^)) / root (Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019). */
const rmsNorm: GradientRule = (s) => {
  const { x, axes } = normalised(s)
  const root = s.op('Sqrt', [s.op('Add', [s.to.mean(s.mul(x, x), axes), s.number(epsilonOf(s))])])
  const unit = s.op('Div', [x, root])
  return s.each((place) => {
    if (place === 1) return sumToParameter(s, s.mul(s.gradient, unit), 1)
    const scaled = s.mul(s.gradient, s.input(1))
    return s.op('Div', [s.op('Sub', [scaled, s.mul(unit, s.to.mean(s.mul(scaled, unit), axes))]), root])
  })
}

function normalised(s: RuleContext): { readonly x: string; readonly axes: readonly number[] } {
  const rank = s.rank(s.name(0))
  const stated = intAttribute(s.node, 'axis', -1)
  const first = stated < 0 ? stated + rank : stated
  return { x: s.input(0), axes: Array.from({ length: rank - first }, (_, place) => first + place) }
}

const epsilonOf = (s: RuleContext): number => floatAttribute(s.node, 'epsilon', 1e-5)

function sumToParameter(s: RuleContext, gradient: string, place: number): string {
  const value = s.name(place)
  return sumOver(gradient, { value, dims: s.dims(value) }, s.dims(s.name(0)), s.to)
}

export const normRules: GradientRules = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
}
