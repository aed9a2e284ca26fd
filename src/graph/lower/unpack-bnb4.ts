// MatMulBnb4 has neither a WebGPU kernel nor a gradient: its 4-bit weights are unpacked when the model is loaded.

import { elementAt, outOfRange } from '#tensor/vector'
import { numbersOf } from '../ir/constant.ts'
import { type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { type PackedProduct, unpackProducts } from './unpack-products.ts'

/** Magnitudes of 4-bit floats (sign, two bits of exponent, one of mantissa), the largest scaled to 1. */
const FLOAT_MAGNITUDES = [0, 0.005208333333, 0.66666667, 1, 0.33333333, 0.5, 0.16666667, 0.25]
/** Quantiles of the normal distribution (Dettmers et al., "QLoRA", 2023, appendix E). */
const NORMAL_QUANTILES = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022833334, -0.09105003625154495, 0,
  0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
  0.7229568362236023, 1,
]
/** What four bits stand for, by `quant_type`, relative to the largest magnitude of the block. */
const LEVELS = [[...FLOAT_MAGNITUDES, ...FLOAT_MAGNITUDES.map((magnitude) => -magnitude)], NORMAL_QUANTILES] as const

interface Packed {
  /** Two elements a byte, the first in the high half. */
  readonly bytes: ArrayLike<number>
  /** Largest magnitude of each block. */
  readonly largest: ArrayLike<number>
  readonly blockSize: number
  readonly levels: readonly number[]
  /** Packed as [columns, rows] instead of [rows, columns]. */
  readonly transposed: boolean
  readonly rows: number
  readonly columns: number
}

export const unpackBnb4 = unpackProducts('unpack-bnb4', findPacked)

/** null for weights that are not constants, and for kinds and sizes that do not fit together. */
function findPacked(node: GraphNode, index: GraphIndex): PackedProduct | null {
  if (operatorOf(node) !== 'com.microsoft:MatMulBnb4') return null
  const [, weight, scales] = node.inputs.map((input) => index.initializer(input))
  const [rows, columns, blockSize] = ['K', 'N', 'block_size'].map((name) => intAttribute(node, name, 0))
  const levels = LEVELS[intAttribute(node, 'quant_type', -1)]
  if (weight === undefined || scales === undefined || levels === undefined || !rows || !columns || !blockSize) return null
  if (rows < 0 || columns < 0 || blockSize < 0) return null
  const [bytes, largest] = [numbersOf(weight), numbersOf(scales)]
  const count = rows * columns
  if (bytes === null || largest === null || bytes.length * 2 < count || largest.length * blockSize < count) return null
  const packed = { bytes, largest, blockSize, levels, transposed: intAttribute(node, 'transB', 1) === 1, rows, columns }
  return { rows, columns, bias: '', unpack: (target) => unpack(packed, target) }
}

/** Writes the weight as [rows, columns]. */
function unpack({ bytes, largest, blockSize, levels, transposed, rows, columns }: Packed, target: Float32Array): void {
  for (let place = 0; place < target.length; place++) {
    const pair = bytes[place >> 1] ?? outOfRange(place >> 1, bytes.length)
    const level = elementAt(levels, place % 2 === 0 ? pair >> 4 : pair & 15)
    const at = transposed ? (place % rows) * columns + Math.floor(place / rows) : place
    target[at] = level * elementAt(largest, Math.floor(place / blockSize))
  }
}
