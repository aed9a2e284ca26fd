// The columns of an output head's weight that belong to some tokens: [d, V] to [d, K]. The choice is made on what the file stores, before
// it is transposed, cast or dequantised, so that the rest of the vocabulary is never touched.

import { type GraphNode, type Initializer, intAttribute, intsAttribute, operatorOf } from '#graph/ir/graph'
import { inferElementType } from '#graph/ir/infer-type'
import type { Emitter } from '#graph/rewrite/emitter'

/**
 * @param product a MatMul or MatMulNBits with a constant weight
 * @param tokens int64 [K]
 * @returns float32 [d, K]; null for packings that are not known
 */
export function columnsOf(product: GraphNode, tokens: string, to: Emitter): string | null {
  if (operatorOf(product) === 'com.microsoft:MatMulNBits') return packedColumns(product, tokens, to)
  const weight = product.inputs[1] ?? ''
  return alongAxis(weight, 1, tokens, to)
}

/** A matrix at some places along an axis, as float32. */
function alongAxis(value: string, axis: number, places: string, to: Emitter): string {
  const node = to.index.producer(value)
  const operator = node === undefined ? '' : operatorOf(node)
  const [source = ''] = node?.inputs ?? []
  const [first = 1] = (node && intsAttribute(node, 'perm')) ?? []
  if (operator === 'Transpose' && first === 1) {
    return to.transpose(alongAxis(source, 1 - axis, places, to), [1, 0])
  }
  if (operator === 'Identity' || (operator === 'Cast' && isFloat(value, to))) return alongAxis(source, axis, places, to)
  if (node !== undefined && operator === 'DequantizeLinear' && intAttribute(node, 'block_size', 0) === 0) {
    return dequantised(node, axis, places, to)
  }
  const type = inferElementType(to.index.graph, value) ?? 'float32'
  return to.cast(to.op('Gather', [value, places], { axis }), type, 'float32')
}

/** Casts to narrower types round: those are left where they are. */
function isFloat(value: string, to: Emitter): boolean {
  return inferElementType(to.index.graph, value) === 'float32'
}

/** (q - zero) * scale. Scales and zero points are one, or a vector along one of the axes. */
function dequantised(node: GraphNode, axis: number, places: string, to: Emitter): string {
  const [values = '', scale = '', zero = ''] = node.inputs
  const stated = intAttribute(node, 'axis', 1)
  const own = stated < 0 ? stated + 2 : stated
  const asFloat = (value: string, of: string): string => to.cast(value, inferElementType(to.index.graph, of) ?? 'float32', 'float32')
  const part = (constant: string): string => {
    const dims = to.index.initializer(constant)?.dims ?? []
    if (dims.length === 0 || dims[0] === 1) return asFloat(constant, constant)
    const chosen = own === axis ? to.op('Gather', [constant, places], { axis: 0 }) : constant
    return to.unsqueeze(asFloat(chosen, constant), [1 - own])
  }
  const whole = alongAxis(values, axis, places, to)
  return to.op('Mul', [zero === '' ? whole : to.op('Sub', [whole, part(zero)]), part(scale)])
}

interface Layout {
  readonly rows: number
  readonly columns: number
  readonly bits: number
  readonly blockSize: number
  readonly blocks: number
}

/** (q - zero) * scale of the chosen columns, unpacked by arithmetic that every backend has. */
function packedColumns(node: GraphNode, tokens: string, to: Emitter): string | null {
  const layout = layoutOf(node)
  const [, weight, scale, zero = '', order = ''] = node.inputs
  const packed = to.index.initializer(weight ?? '')
  const scales = to.index.initializer(scale ?? '')
  const zeros = to.index.initializer(zero)
  if (layout === null || packed === undefined || scales === undefined || order !== '' || (zero !== '' && zeros === undefined)) return null
  const { rows, columns, bits, blockSize, blocks } = layout
  const rowsOf = (constant: Initializer, dims: readonly number[]): string =>
    to.op('Gather', [to.weight({ ...constant, dims: [columns, ...dims] }), tokens], { axis: 0 })

  const values = unpacked(rowsOf(packed, [blocks, (blockSize * bits) / 8]), bits, to)
  const shift = zeros === undefined ? to.real('float32', [2 ** (bits - 1)]) : zeroPoints(zeros, layout, rowsOf, to)
  const factor = to.unsqueeze(to.cast(rowsOf(scales, [blocks]), scales.elementType, 'float32'), [2])
  const whole = to.reshape(to.op('Mul', [to.op('Sub', [values, shift]), factor]), [0, -1])
  return to.transpose(rows === blocks * blockSize ? whole : to.slice(whole, 1, 0, rows), [1, 0])
}

function layoutOf(node: GraphNode): Layout | null {
  const [rows = 0, columns = 0, blockSize = 0] = ['K', 'N', 'block_size'].map((name) => intAttribute(node, name, 0))
  const bits = intAttribute(node, 'bits', 4)
  if (rows * columns * blockSize === 0 || (bits !== 4 && bits !== 8)) return null
  return { rows, columns, bits, blockSize, blocks: Math.ceil(rows / blockSize) }
}

/** [K, blocks, 1] */
function zeroPoints(
  zeros: Initializer,
  { bits, blocks }: Layout,
  rowsOf: (constant: Initializer, dims: readonly number[]) => string,
  to: Emitter,
): string {
  if (zeros.elementType !== 'uint8') return to.unsqueeze(to.cast(rowsOf(zeros, [blocks]), zeros.elementType, 'float32'), [2])
  const width = Math.ceil((blocks * bits) / 8)
  // Rows begin at whole bytes: the last may hold half a byte of filling.
  const points = unpacked(to.unsqueeze(rowsOf(zeros, [width]), [1]), bits, to)
  return to.transpose(to.slice(points, 2, 0, blocks), [0, 2, 1])
}

/** Bytes [.., n] to numbers [.., n * 8 / bits] in float32; of two in a byte the lower half comes first. */
function unpacked(bytes: string, bits: number, to: Emitter): string {
  const numbers = to.cast(bytes, 'uint8', 'float32')
  if (bits === 8) return numbers
  const high = to.op('Floor', [to.op('Mul', [numbers, to.real('float32', [1 / 16])])])
  const low = to.op('Sub', [numbers, to.op('Mul', [high, to.real('float32', [16])])])
  const pairs = to.op('Concat', [to.unsqueeze(low, [-1]), to.unsqueeze(high, [-1])], { axis: -1 })
  return to.reshape(pairs, [0, 0, -1])
}
