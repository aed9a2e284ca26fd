// Whether an operator on the stream leaves tokens to themselves: then a token's part can be computed without those before it.

import { type GraphNode, intAttribute, intsAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { NUMBER_BY_NUMBER, ROW_PRODUCTS, transposesRows } from '../recognise/by-token.ts'
import { numbersIn } from '../shapes/facts.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Kind } from './kinds.ts'
import { type Growth, type GrowthOf, growingAxes } from './lengths.ts'

/** A number of the result comes from the numbers in its place alone. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  ...NUMBER_BY_NUMBER,
  'Where',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'Not',
  'Sign',
  'Floor',
  'Ceil',
  'Round',
  'IsNaN',
  'Sin',
  'Cos',
  'BitShift',
  'BitwiseAnd',
  'BitwiseXor',
])
const MOVES: ReadonlySet<string> = new Set(['Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Expand', 'Flatten', 'Tile'])
const NORMS: ReadonlySet<string> = new Set(['LayerNormalization', 'RMSNormalization', 'SimplifiedLayerNormalization'])
const ALONG: ReadonlySet<string> = new Set(['Softmax', 'LogSoftmax', 'LpNormalization', 'Split', 'Concat'])
const DEFAULT_AXES: Readonly<Record<string, number>> = { Concat: 0, Split: 0, Gather: 0 }

export function isElementwise(node: GraphNode): boolean {
  return ELEMENTWISE.has(operatorOf(node))
}

export interface Stream {
  readonly index: GraphIndex
  readonly kindOf: (value: string) => Kind
  readonly growthOf: GrowthOf
}

/** The one axis of a stream's value that grows with the text, as long as the text is; null where there is none, undefined for others. */
export function tokenAxis(growth: readonly Growth[]): number | null | undefined {
  const [axis, ...others] = growingAxes(growth)
  if (axis === undefined) return null
  return others.length === 0 && growth[axis]?.times === 1 && growth[axis].plus === 0 ? axis : undefined
}

/**
 * Of a node whose result depends on the ids, outside the attention's own products and weights.
 * @param endless whether no attention comes behind it: what is cut out of the text there does no harm
 */
export function isTokenWise(node: GraphNode, stream: Stream, endless: boolean): boolean {
  const { index, kindOf, growthOf } = stream
  const axes = node.outputs.filter((output) => output !== '').map((output) => axisOf(growthOf(output)))
  if (axes.includes(undefined)) return false
  const operator = operatorOf(node)
  const [first = '', second = ''] = node.inputs
  const data = growthOf(first)
  const token = axisOf(data)
  if (ELEMENTWISE.has(operator) || MOVES.has(operator)) return true
  if (operator === 'Gather' && kindOf(first) === 'constant') return kindOf(second) === 'stream' && along(node, 0) === 0
  if (data === null || token === undefined) return false
  const rank = data.length
  const isApart = (axis: number): boolean => token === null || (axis < 0 ? axis + rank : axis) !== token
  if (ROW_PRODUCTS.has(operator) || operator === 'Gemm')
    return node.inputs.slice(1).every((input) => kindOf(input) === 'constant') && isApart(-1) && !transposesRows(node)
  if (NORMS.has(operator)) return token === null || atLeast(along(node, -1), rank) > token
  if (ALONG.has(operator)) return isApart(along(node, DEFAULT_AXES[operator] ?? -1)) || joinsNothing(node, stream)
  if (operator.startsWith('Reduce')) return listedAxes(node, 1, index)?.every(isApart) ?? false
  if (operator === 'DequantizeLinear') return node.inputs.slice(1).every((input) => kindOf(input) === 'constant')
  if (operator === 'Slice') return endless || (listedAxes(node, 3, index)?.every(isApart) ?? false)
  if (operator === 'Gather') return endless || isApart(along(node, 0))
  return false
}

function axisOf(growth: readonly Growth[] | null): number | null | undefined {
  return growth === null ? undefined : tokenAxis(growth)
}

function along(node: GraphNode, otherwise: number): number {
  return intAttribute(node, 'axis', otherwise)
}

function atLeast(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** Of an attribute, or of an input at a place; null where they are not told. */
function listedAxes(node: GraphNode, place: number, index: GraphIndex): readonly number[] | null {
  return intsAttribute(node, 'axes') ?? numbersIn(inferShapes(index.graph)(node.inputs[place] ?? ''))
}

/** A Concat of the stream with nothing but the file's own caches, which stay empty. */
export function joinsNothing(node: GraphNode, { index, kindOf }: Stream): boolean {
  if (operatorOf(node) !== 'Concat') return false
  const others = node.inputs.filter((input) => kindOf(input) !== 'stream')
  return node.inputs.length - others.length === 1 && others.every((input) => isOwnCache(input, index))
}

/** An input of many axes of real numbers. */
export function isOwnCache(value: string, index: GraphIndex): boolean {
  const { elementType, dims = null } = index.info(value) ?? {}
  return index.isInput(value) && (dims?.length ?? 0) > 2 && (elementType === 'float32' || elementType === 'float16')
}
