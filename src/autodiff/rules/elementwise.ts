// Arithmetic of two or more operands, element by element with broadcasting, and choices between them.

import { scalarOf } from '#graph/ir/constant'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'

const add: GradientRule = (s) => s.each((place) => s.fit(s.gradient, place))

const sub: GradientRule = (s) => s.each((place) => s.fit(place === 0 ? s.gradient : s.op('Neg', [s.gradient]), place))

const mul: GradientRule = (s) => s.each((place) => s.fit(s.mul(s.gradient, s.input(1 - place)), place))

/** d(a/b)/da = 1/b and d(a/b)/db = -(a/b)/b. */
const div: GradientRule = (s) => {
  const quotient = s.op('Div', [s.gradient, s.input(1)])
  return s.each((place) => s.fit(place === 0 ? quotient : s.op('Neg', [s.mul(quotient, s.output())]), place))
}

/** d(x^p)/dx = p x^(p-1) and d(x^p)/dp = x^p ln x. */
const pow: GradientRule = (s) =>
  s.each((place) =>
    s.fit(place === 0 ? s.mul(s.gradient, slopeOfPower(s)) : s.mul(s.gradient, s.mul(s.output(), s.op('Log', [s.input(0)]))), place),
  )

function slopeOfPower(s: RuleContext): string {
  const base = s.input(0)
  const power = scalarOf(s.to.index.initializer(s.name(1)))
  if (power === 1) return s.op('Expand', [s.number(1), s.shape(base)])
  if (power === 2) return s.scaled(base, 2)
  if (power !== null) return s.scaled(s.op('Pow', [base, s.number(power - 1)]), power)
  const exponent = s.input(1)
  return s.mul(exponent, s.op('Pow', [base, s.op('Sub', [exponent, s.number(1)])]))
}

const where: GradientRule = (s) =>
  s.each((place) => {
    const zero = s.number(0)
    return s.fit(s.op('Where', [s.name(0), ...(place === 1 ? [s.gradient, zero] : [zero, s.gradient])]), place)
  })

const sum: GradientRule = add

const mean: GradientRule = (s) => {
  const share = s.scaled(s.gradient, 1 / s.node.inputs.length)
  return s.each((place) => s.fit(share, place))
}

/** Operands that are equal share the gradient, as derivatives from both sides would on average. */
const extreme: GradientRule = (s) => {
  const output = s.output()
  const isChosen = s.node.inputs.map((_, place) => s.indicator(s.op('Equal', [s.input(place), output])))
  const count = isChosen.slice(1).reduce((left, right) => s.op('Add', [left, right]), isChosen[0] ?? '')
  const share = s.op('Div', [s.gradient, count])
  return s.each((place) => s.fit(s.mul(share, isChosen[place] ?? ''), place))
}

export const elementwiseRules: GradientRules = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Pow: pow,
  Where: where,
  Sum: sum,
  Mean: mean,
  Max: extreme,
  Min: extreme,
}
