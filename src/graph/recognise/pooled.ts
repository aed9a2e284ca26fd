// Whether a row of numbers stands for a whole text as a vector, and not as scores of classes: nothing made classes of it.

import { type Graph, type GraphNode, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { isConstant } from './by-token.ts'

const PRODUCTS: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'MatMulInteger',
  'com.microsoft:MatMulNBits',
  'com.microsoft:MatMulBnb4',
  'com.microsoft:FusedMatMul',
])
const LENGTHS: ReadonlySet<string> = new Set(['ReduceL2', 'ReduceSumSquare', 'ReduceSum'])
/** Between the length of a vector and the division by it. */
const AROUND_LENGTH: ReadonlySet<string> = new Set([
  'Sqrt',
  'Clip',
  'Max',
  'Add',
  'Expand',
  'Unsqueeze',
  'Reshape',
  'Reciprocal',
  'Pow',
  'Cast',
])
const COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Squeeze', 'Reshape', 'Flatten', 'Unsqueeze'])

/**
 * True for rows that are made of a state by no weight, or by one that keeps their width (a pooler), and for rows that are divided by their
 * length.
 * @param value a row of numbers [B,d]
 * @param states the residual stream: without it only the length is looked at
 */
export function isPooledVector(graph: Graph, value: string, states: readonly string[]): boolean {
  const index = indexGraph(graph)
  if (isUnitVector(value, index)) return true
  return states.length > 0 && lastProducts(value, new Set(states), index).every((product) => keepsWidth(product, graph))
}

/** The products with weights that are nearest to a value on the ways from the states. */
function lastProducts(value: string, states: ReadonlySet<string>, index: GraphIndex): readonly GraphNode[] {
  const products: GraphNode[] = []
  const reached = new Set([value])
  // A set grows while it is walked.
  for (const next of reached) {
    const node = index.producer(next)
    if (node === undefined || states.has(next) || isConstant(next, index)) continue
    const isProduct = PRODUCTS.has(operatorOf(node))
    if (isProduct && node.inputs.slice(1).every((input) => input === '' || isConstant(input, index))) products.push(node)
    // Other products are means with a weight for each token.
    else for (const input of node.inputs) if (input !== '') reached.add(input)
  }
  return products
}

function keepsWidth(product: GraphNode, graph: Graph): boolean {
  const facts = inferShapes(graph)
  const width = facts(product.outputs[0] ?? '').dims?.at(-1)
  return typeof width === 'number' && facts(product.inputs[0] ?? '').dims?.at(-1) === width
}

function isUnitVector(value: string, index: GraphIndex): boolean {
  const node = index.producer(value)
  if (node === undefined) return false
  const operator = operatorOf(node)
  const [left = '', right = ''] = node.inputs
  if (operator === 'LpNormalization') return true
  if (COPIES.has(operator)) return isUnitVector(left, index)
  if (operator === 'Div') return isLengthOf(left, right, index)
  return operator === 'Mul' && (isLengthOf(left, right, index) || isLengthOf(right, left, index))
}

/** Whether a value is made of the sum of a vector's squares. */
function isLengthOf(vector: string, length: string, index: GraphIndex): boolean {
  const node = index.producer(length)
  if (node === undefined) return false
  const operator = operatorOf(node)
  const [input = ''] = node.inputs
  if (AROUND_LENGTH.has(operator)) return node.inputs.some((part) => isLengthOf(vector, part, index))
  if (!LENGTHS.has(operator)) return false
  if (operator !== 'ReduceSum') return input === vector
  const square = index.producer(input)
  return square !== undefined && ['Mul', 'Pow', 'Abs'].includes(operatorOf(square)) && reaches(square, vector, index)
}

/** Abs(x)^2 is a square too. */
function reaches(square: GraphNode, vector: string, index: GraphIndex): boolean {
  const [input = ''] = square.inputs
  const before = index.producer(input)
  return input === vector || (before !== undefined && operatorOf(before) === 'Abs' && before.inputs[0] === vector)
}
