// Gaussian error linear units and their approximations, in the element type of the input.

import type { GraphNode } from '../ir/graph.ts'
import type { Emitter } from '../rewrite/emitter.ts'
import { floatAttribute, inputOf, type Lowerings, optionalInput } from './lowering.ts'

/** 0.5 x (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel, "Gaussian error linear units", 2016). */
function gelu(x: string, to: Emitter, like = x): string {
  const type = to.realType(like)
  const erf = to.op('Erf', [to.op('Mul', [x, to.real(type, [Math.SQRT1_2])])])
  const twice = to.op('Mul', [x, to.op('Add', [erf, to.real(type, [1])])])
  return to.op('Mul', [twice, to.real(type, [0.5])])
}

/** 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the same paper's approximation. */
function tanhGelu(x: string, to: Emitter, like = x): string {
  const type = to.realType(like)
  const square = to.op('Mul', [x, x])
  // Factored so that x^3 does not leave the range of float16 before tanh has saturated.
  const factor = to.op('Add', [to.op('Mul', [square, to.real(type, [0.044715])]), to.real(type, [1])])
  const inner = to.op('Mul', [to.op('Mul', [x, to.real(type, [Math.sqrt(2 / Math.PI)])]), factor])
  const twice = to.op('Mul', [x, to.op('Add', [to.op('Tanh', [inner]), to.real(type, [1])])])
  return to.op('Mul', [twice, to.real(type, [0.5])])
}

/** x + bias [d], where there is a bias. */
function biased(node: GraphNode, to: Emitter): string {
  const x = inputOf(node, 0, to)
  const bias = optionalInput(node, 1)
  return bias === null ? x : to.op('Add', [x, bias])
}

/** x sigmoid(alpha x) (the same paper, section 2, with alpha 1.702). */
function quickGelu(node: GraphNode, to: Emitter): string {
  const x = inputOf(node, 0, to)
  const alpha = to.real(to.realType(x), [floatAttribute(node, 'alpha', 1.702)])
  return to.op('Mul', [x, to.op('Sigmoid', [to.op('Mul', [x, alpha])])])
}

function standardGelu(node: GraphNode, to: Emitter): string {
  const approximate = node.attributes.get('approximate')
  const x = inputOf(node, 0, to)
  if (approximate === undefined || (approximate.kind === 'string' && approximate.value === 'none')) return gelu(x, to)
  return approximate.kind === 'string' && approximate.value === 'tanh' ? tanhGelu(x, to) : to.refuse('approximate')
}

export const activationLowerings: Lowerings = {
  Gelu: (node, to) => [standardGelu(node, to)],
  'com.microsoft:Gelu': (node, to) => [gelu(inputOf(node, 0, to), to)],
  'com.microsoft:BiasGelu': (node, to) => [gelu(biased(node, to), to, inputOf(node, 0, to))],
  'com.microsoft:FastGelu': (node, to) => [tanhGelu(biased(node, to), to, inputOf(node, 0, to))],
  'com.microsoft:QuickGelu': (node, to) => [quickGelu(node, to)],
}
