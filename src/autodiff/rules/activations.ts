// Functions of one value, element by element: each row gives the slope, or the gradient where that is simpler.

import { type GraphNode, intAttribute } from '#graph/ir/graph'
import { floatAttribute } from '#graph/lower/lowering'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'

/** A rule from the function's derivative at x, where it made y. */
function slope(derivative: (s: RuleContext, x: string) => string): GradientRule {
  return (s) => [s.needs(0) ? s.mul(s.gradient, derivative(s, s.input(0))) : null]
}

/** A rule from the derivative by y = f(x). */
function slopeByOutput(derivative: (s: RuleContext, y: string) => string): GradientRule {
  return slope((s) => derivative(s, s.output()))
}

/** The gradient where a condition holds, and elsewhere a multiple of it. */
function gated(condition: (s: RuleContext, x: string) => string, elsewhere: (s: RuleContext) => string): GradientRule {
  return (s) => [s.needs(0) ? s.op('Where', [condition(s, s.input(0)), s.gradient, elsewhere(s)]) : null]
}

const isPositive = (s: RuleContext, x: string): string => s.op('Greater', [x, s.number(0)])
const nothing = (s: RuleContext): string => s.number(0)
const same: GradientRule = (s) => [s.needs(0) ? s.gradient : null]
/** Steps: their derivative is 0 wherever it exists. */
const flat: GradientRule = () => [null]

const sub = (s: RuleContext, left: string, right: string): string => s.op('Sub', [left, right])
const plus = (s: RuleContext, left: string, right: string): string => s.op('Add', [left, right])
const one = (s: RuleContext): string => s.number(1)
const square = (s: RuleContext, x: string): string => s.mul(x, x)
const attribute = (node: GraphNode, name: string, fallback: number): number => floatAttribute(node, name, fallback)

/** sigma (1 - sigma). */
const sigmoidSlope = (s: RuleContext, y: string): string => s.mul(y, sub(s, one(s), y))

/** d(x sigma(k x))/dx = sigma + k x sigma (1 - sigma). */
function swishSlope(s: RuleContext, x: string, k: number): string {
  const gate = s.op('Sigmoid', [s.scaled(x, k)])
  return plus(s, gate, s.mul(s.scaled(x, k), sigmoidSlope(s, gate)))
}

/** Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016: Phi(x) + x phi(x), or the derivative of the form with a Tanh. */
function geluSlope(s: RuleContext, x: string): string {
  const form = s.node.attributes.get('approximate')
  if (form?.kind === 'string' && form.value === 'tanh') return geluTanhSlope(s, x)
  const phi = s.scaled(s.op('Exp', [s.scaled(square(s, x), -0.5)]), 1 / Math.sqrt(2 * Math.PI))
  const cumulated = s.scaled(plus(s, s.op('Erf', [s.scaled(x, Math.SQRT1_2)]), one(s)), 0.5)
  return plus(s, cumulated, s.mul(x, phi))
}

/** 0.5 (1 + t) + 0.5 x (1 - t^2) u' with t = tanh(u), u = c (x + a x^3). */
function geluTanhSlope(s: RuleContext, x: string): string {
  const [c, a] = [Math.sqrt(2 / Math.PI), 0.044715]
  const squared = square(s, x)
  const inner = s.scaled(s.mul(x, plus(s, s.scaled(squared, a), one(s))), c)
  const t = s.op('Tanh', [inner])
  const innerSlope = s.scaled(plus(s, s.scaled(squared, 3 * a), one(s)), c)
  const tail = s.mul(s.mul(x, sub(s, one(s), square(s, t))), innerSlope)
  return s.scaled(plus(s, plus(s, t, one(s)), tail), 0.5)
}

/** Without the operator Sign, which has no kernel on WebGPU. */
function signOf(s: RuleContext, x: string): string {
  return s.op('Where', [isPositive(s, x), one(s), s.op('Where', [s.op('Less', [x, s.number(0)]), s.number(-1), s.number(0)])])
}

const leaky = (fallback: number): GradientRule => gated(isPositive, (s) => s.scaled(s.gradient, attribute(s.node, 'alpha', fallback)))

/** Where x is not positive, y = alpha (e^x - 1), so the slope is y + alpha. */
const elu: GradientRule = gated(isPositive, (s) => s.mul(s.gradient, plus(s, s.output(), s.number(attribute(s.node, 'alpha', 1)))))

const clip: GradientRule = (s) => {
  if (!s.needs(0)) return [null]
  const x = s.input(0)
  const inside = [
    ...(s.has(1) ? [s.op('GreaterOrEqual', [x, s.input(1)])] : []),
    ...(s.has(2) ? [s.op('LessOrEqual', [x, s.input(2)])] : []),
  ]
  return [inside.reduce((gradient, holds) => s.op('Where', [holds, gradient, s.number(0)]), s.gradient), null, null]
}

/** y = x max(0, min(1, x / 6 + 1 / 2)). */
const hardSwish: GradientRule = slope((s, x) => {
  const inside = plus(s, s.scaled(x, 1 / 3), s.number(0.5))
  const upper = s.op('Where', [s.op('GreaterOrEqual', [x, s.number(3)]), one(s), inside])
  return s.op('Where', [s.op('LessOrEqual', [x, s.number(-3)]), s.number(0), upper])
})

const hardSigmoid: GradientRule = slopeByOutput((s, y) => {
  const alpha = s.number(attribute(s.node, 'alpha', 0.2))
  const below = s.op('Where', [s.op('Less', [y, one(s)]), alpha, s.number(0)])
  return s.op('Where', [isPositive(s, y), below, s.number(0)])
})

/** y = x tanh(softplus(x)) (Misra, "Mish", 2019). */
const mish: GradientRule = slope((s, x) => {
  const t = s.op('Tanh', [s.op('Softplus', [x])])
  return plus(s, t, s.mul(s.mul(x, s.op('Sigmoid', [x])), sub(s, one(s), square(s, t))))
})

/** Dropout does nothing at inference, unless its file says otherwise. */
const dropout: GradientRule = (s) => {
  if (s.has(2) || intAttribute(s.node, 'training_mode', 0) !== 0) s.refuse('training mode')
  return same(s)
}

export const activationRules: GradientRules = {
  Identity: same,
  Cast: same,
  CastLike: same,
  Dropout: dropout,
  Floor: flat,
  Ceil: flat,
  Round: flat,
  Sign: flat,
  Neg: (s) => [s.needs(0) ? s.op('Neg', [s.gradient]) : null],
  Abs: slope(signOf),
  Sqrt: (s) => [s.needs(0) ? s.op('Div', [s.scaled(s.gradient, 0.5), s.output()]) : null],
  Reciprocal: slopeByOutput((s, y) => s.op('Neg', [square(s, y)])),
  Exp: slopeByOutput((_, y) => y),
  Log: (s) => [s.needs(0) ? s.op('Div', [s.gradient, s.input(0)]) : null],
  Sin: slope((s, x) => s.op('Cos', [x])),
  Cos: slope((s, x) => s.op('Neg', [s.op('Sin', [x])])),
  Erf: slope((s, x) => s.scaled(s.op('Exp', [s.op('Neg', [square(s, x)])]), 2 / Math.sqrt(Math.PI))),
  Tanh: slopeByOutput((s, y) => sub(s, one(s), square(s, y))),
  Sigmoid: slopeByOutput(sigmoidSlope),
  Softplus: slope((s, x) => s.op('Sigmoid', [x])),
  Softsign: slope((s, x) => s.op('Reciprocal', [square(s, plus(s, s.op('Abs', [x]), one(s)))])),
  Relu: gated(isPositive, nothing),
  LeakyRelu: leaky(0.01),
  Elu: elu,
  ThresholdedRelu: gated((s, x) => s.op('Greater', [x, s.number(attribute(s.node, 'alpha', 1))]), nothing),
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Mish: mish,
  Swish: slope((s, x) => swishSlope(s, x, attribute(s.node, 'alpha', 1))),
  Gelu: slope(geluSlope),
  Clip: clip,
}
