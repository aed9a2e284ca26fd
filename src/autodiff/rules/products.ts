// Matrix products. A product with a matrix of weights goes back as a Gemm that reads the matrix transposed: a Transpose of a constant
// would be computed beforehand by the runtime, and the weights would be in memory twice.

import { type GraphNode, intAttribute, intsAttribute, operatorOf } from '#graph/ir/graph'
import { floatAttribute } from '#graph/lower/lowering'
import type { Size } from '#graph/shapes/symbols'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'
import { sumOver } from '../unbroadcast.ts'

/** A operand with axes of length 1 put in where it is a vector. */
interface Operand {
  readonly value: string
  /** In the type of gradients. */
  readonly real: string
  readonly dims: readonly Size[]
  readonly isVector: boolean
}

/** dA = dY B^T and dB = A^T dY, summed over axes of the batch that were repeated. */
const matMul: GradientRule = (s) => {
  const [left, right] = [operandOf(s, 0), operandOf(s, 1)]
  const gradient = withUnitAxes(s, left, right)
  const isWeight = (operand: Operand): boolean => !operand.isVector && operand.dims.length === 2
  return s.each((place) => {
    if (place === 0 && isWeight(right)) return back(s, rowsTimes(s, gradient, right, left), left)
    if (place === 1 && isWeight(right)) return back(s, gatheredProduct(s, left, gradient), right)
    const product = place === 0 ? s.op('MatMul', [gradient, swapped(s, right)]) : s.op('MatMul', [swapped(s, left), gradient])
    const own = place === 0 ? left : right
    return back(s, sumOver(product, own, [...batchOf(s, left, right), ...own.dims.slice(-2)], s.to), own)
  })
}

function operandOf(s: RuleContext, place: number): Operand {
  const value = s.name(place)
  const dims = s.dims(value)
  if (dims.length !== 1) return { value, real: s.input(place), dims, isVector: false }
  const axis = place === 0 ? 0 : 1
  return { value, real: s.to.unsqueeze(s.input(place), [axis]), dims: place === 0 ? [1, ...dims] : [...dims, 1], isVector: true }
}

/** The output's gradient with the axes of length 1 that vectors lost. */
function withUnitAxes(s: RuleContext, left: Operand, right: Operand): string {
  const axes = [...(left.isVector ? [-2] : []), ...(right.isVector ? [-1] : [])]
  if (axes.length === 0) return s.gradient
  return s.to.unsqueeze(s.gradient, axes.length === 2 || right.isVector ? axes : [-2])
}

/** A gradient of an operand with its unit axis, in the shape that the graph's value has. */
function back(s: RuleContext, gradient: string, { value, isVector }: Operand): string {
  return isVector ? s.reshapedLike(gradient, value) : gradient
}

/** Lengths of the product's batch axes: the output's, where neither operand is a vector. */
function batchOf(s: RuleContext, left: Operand, right: Operand): readonly Size[] {
  if (left.isVector) return right.dims.slice(0, -2)
  return right.isVector ? left.dims.slice(0, -2) : s.nodeDims.slice(0, -2)
}

/** [.., n] times the transpose of a matrix [k, n], in the shape of `like`. */
function rowsTimes(s: RuleContext, rows: string, matrix: Operand, like: Operand): string {
  const { value, isTransposed } = untransposed(s, matrix.value)
  const weight = isTransposed ? s.real(value) : matrix.real
  const product = s.op('Gemm', [flattened(s, rows), weight], { transB: isTransposed ? 0 : 1 })
  return like.dims.length === 2 ? product : s.reshapedLike(product, like.value)
}

/** left^T right, where both are [.., k] and [.., n] with the same axes before. */
function gatheredProduct(s: RuleContext, left: Operand, right: string): string {
  return s.op('Gemm', [flattened(s, left.real), flattened(s, right)], { transA: 1 })
}

/** [.., n] to [-1, n]. */
function flattened(s: RuleContext, value: string): string {
  return s.op('Flatten', [value], { axis: -1 })
}

/** With the last two axes in each other's place; a value that a Transpose made is taken from before it. */
function swapped(s: RuleContext, { value, real, dims, isVector }: Operand): string {
  const axes = Array.from(dims.keys())
  const swap = [...axes.slice(0, -2), ...axes.slice(-2).toReversed()]
  const producer = s.to.index.producer(value)
  if (isVector || producer === undefined || operatorOf(producer) !== 'Transpose') return s.to.transpose(real, swap)
  const perm = permutationOf(producer, axes.length)
  const joined = swap.map((axis) => perm[axis] ?? axis)
  const source = s.real(producer.inputs[0] ?? '')
  return joined.every((axis, place) => axis === place) ? source : s.to.transpose(source, joined)
}

/** The value before a Transpose of a matrix. */
function untransposed(s: RuleContext, value: string): { readonly value: string; readonly isTransposed: boolean } {
  const producer = s.to.index.producer(value)
  if (producer === undefined || operatorOf(producer) !== 'Transpose') return { value, isTransposed: false }
  return permutationOf(producer, 2)[0] === 1 ? { value: producer.inputs[0] ?? '', isTransposed: true } : { value, isTransposed: false }
}

function permutationOf(node: GraphNode, rank: number): readonly number[] {
  return intsAttribute(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
}

/** Y = alpha A' B' + beta C, where ' may transpose. */
const gemm: GradientRule = (s) => {
  const [turnedA, turnedB] = ['transA', 'transB'].map((name) => (intAttribute(s.node, name, 0) === 0 ? 0 : 1))
  const alpha = floatAttribute(s.node, 'alpha', 1)
  const multiply = (left: string, transA: number, right: string, transB: number): string => {
    const attributes = {
      ...(transA === 0 ? {} : { transA }),
      ...(transB === 0 ? {} : { transB }),
      ...(alpha === 1 ? {} : { alpha: { float: alpha } }),
    }
    return s.op('Gemm', [left, right], attributes)
  }
  return s.each((place) => {
    if (place === 0) {
      const right = s.input(1)
      return turnedA ? multiply(right, turnedB ?? 0, s.gradient, 1) : multiply(s.gradient, 0, right, turnedB ? 0 : 1)
    }
    if (place === 1) {
      const left = s.input(0)
      return turnedB ? multiply(s.gradient, 1, left, turnedA ?? 0) : multiply(left, turnedA ? 0 : 1, s.gradient, 0)
    }
    return s.fit(s.scaled(s.gradient, floatAttribute(s.node, 'beta', 1)), 2)
  })
}

/** Each operand's gradient is the product of the output's gradient and the other operands, summed to the operand's letters. */
const einsum: GradientRule = (s) => {
  const equation = s.node.attributes.get('equation')
  const { operands, result } = parseEquation(equation?.kind === 'string' ? equation.value : '', s)
  return s.each((place) => {
    const own = operands[place] ?? ''
    const others = operands.flatMap((letters, at) => (at === place ? [] : [{ letters, value: s.input(at) }]))
    const known = new Set([result, ...others.map(({ letters }) => letters)].join(''))
    const kept = [...own].filter((letter) => known.has(letter)).join('')
    const inputs = [result, ...others.map(({ letters }) => letters)].join(',')
    const product = s.op('Einsum', [s.gradient, ...others.map(({ value }) => value)], { equation: `${inputs}->${kept}` })
    if (kept === own) return product
    // Letters that only this operand has were summed away: every element counts alike.
    const missing = [...own].flatMap((letter, axis) => (known.has(letter) ? [] : [axis]))
    return s.op('Expand', [s.to.unsqueeze(product, missing), s.shape(s.name(place))])
  })
}

function parseEquation(text: string, s: RuleContext): { readonly operands: readonly string[]; readonly result: string } {
  const [left = '', right] = text.replaceAll(' ', '').split('->')
  const operands = left.split(',')
  if (text.includes('...')) s.refuse('an ellipsis')
  if (operands.some((letters) => new Set(letters).size < letters.length)) s.refuse('a letter twice in one operand')
  // Without an arrow: the letters that occur once, in alphabetical order.
  const all = operands.join('')
  const once = [...new Set(all)].filter((letter) => all.split(letter).length === 2).toSorted()
  return { operands, result: right ?? once.join('') }
}

export const productRules: GradientRules = { MatMul: matMul, Gemm: gemm, Einsum: einsum }
