// Whether a value is made of another one token by token: then some tokens can be left out before, and the others stay as they are.

import { type GraphNode, intAttribute, intsAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { numbersIn } from '../shapes/facts.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Size } from '../shapes/symbols.ts'

/** They change each number by itself, or with the one in the same place. */
export const NUMBER_BY_NUMBER: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Neg',
  'Abs',
  'Exp',
  'Log',
  'Sqrt',
  'Reciprocal',
  'Min',
  'Max',
  'Clip',
  'Cast',
  'Identity',
  'Dropout',
  'Tanh',
  'Sigmoid',
  'Softplus',
  'Erf',
  'Relu',
  'LeakyRelu',
  'Elu',
  'Selu',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Mish',
])
/** The first input's rows by a matrix: `findHead` knows the same. */
export const ROW_PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'com.microsoft:MatMulNBits', 'com.microsoft:FusedMatMul'])
const NORMS: ReadonlySet<string> = new Set(['LayerNormalization', 'RMSNormalization', 'SimplifiedLayerNormalization'])
const REDUCTIONS: ReadonlySet<string> = new Set(['ReduceMean', 'ReduceSum', 'ReduceSumSquare', 'ReduceL2'])
/** Of [B,T,d]. */
const LAST_AXES: ReadonlySet<number> = new Set([-1, 2])

export interface Rows {
  /** A value [B,T,d]. */
  readonly source: string
  /** T, as the shapes of the graph name it; null where they do not. */
  readonly tokens: Size | null
}

/** @returns false, too, where an operator on the way is not known to leave tokens to themselves */
export function isByToken(value: string, rows: Rows, index: GraphIndex): boolean {
  if (value === rows.source) return true
  const node = index.producer(value)
  return node !== undefined && node.outputs[0] === value && keepsTokensApart(node, rows, index)
}

function keepsTokensApart(node: GraphNode, rows: Rows, index: GraphIndex): boolean {
  const operator = operatorOf(node)
  const inputs = node.inputs.filter((input) => input !== '')
  const [first = '', ...others] = inputs
  const isSound = (input: string): boolean => isByToken(input, rows, index)
  if (NUMBER_BY_NUMBER.has(operator)) {
    const computed = inputs.filter((input) => !isSameForTokens(input, index))
    return computed.length > 0 && computed.every(isSound)
  }
  if (operator === 'Reshape') return isSound(first) && keepsShape(node, rows, index)
  if (!others.every((input) => isConstant(input, index)) || !isSound(first)) return false
  if (NORMS.has(operator)) return LAST_AXES.has(intAttribute(node, 'axis', -1))
  if (REDUCTIONS.has(operator)) return isOverNumbers(node, index)
  return ROW_PRODUCTS.has(operator) && !transposesRows(node)
}

/** [B,T,d] to [B,T,d]: some exporters part rows that were never joined. */
function keepsShape(reshape: GraphNode, { tokens }: Rows, index: GraphIndex): boolean {
  const facts = inferShapes(index.graph)
  const before = facts(reshape.inputs[0] ?? '').dims
  const after = facts(reshape.outputs[0] ?? '').dims
  if (before === null || after?.length !== 3 || before.length !== 3) return false
  const [, length, width] = after
  return width === before[2] && typeof width === 'number' && (length === before[1] || length === tokens)
}

function isOverNumbers(node: GraphNode, index: GraphIndex): boolean {
  const [axis, ...others] = intsAttribute(node, 'axes') ?? numbersIn(inferShapes(index.graph)(node.inputs[1] ?? '')) ?? []
  return axis !== undefined && others.length === 0 && LAST_AXES.has(axis) && intAttribute(node, 'keepdims', 1) !== 0
}

export function transposesRows(product: GraphNode): boolean {
  return intAttribute(product, 'transA', 0) !== 0 || intAttribute(product, 'transBatchA', 0) !== 0
}

/** A constant with one row for all tokens. */
export function isSameForTokens(value: string, index: GraphIndex): boolean {
  const dims = isConstant(value, index) ? inferShapes(index.graph)(value).dims : null
  return dims?.slice(0, -1).every((size) => size === 1) ?? false
}

/** Whether a value depends on no input of the graph: a constant, or a constant transposed or dequantised. */
export function isConstant(value: string, index: GraphIndex): boolean {
  if (index.isInput(value) && index.initializer(value) === undefined) return false
  const node = index.producer(value)
  return node === undefined || node.inputs.every((input) => input === '' || isConstant(input, index))
}
