// MatMulNBits with its weight unpacked: on WASM a product with float32 weights takes a fraction of the time, for eight times the memory.

import { elementAt, outOfRange } from '#tensor/vector'
import { numbersOf } from '../ir/constant.ts'
import { type GraphNode, type Initializer, intAttribute, operatorOf } from '../ir/graph.ts'
import type { GraphIndex } from '../ir/graph-index.ts'
import { type PackedProduct, unpackProducts } from '../lower/unpack-products.ts'

/** Rows of the packed weight that are written side by side: long strides of single elements are slow. */
const TILE = 32

const BITS: ReadonlySet<number> = new Set([2, 4, 8])

/** The weight [columns, blocks, bytes a block]: element k of a row is at bit k * bits, the lowest first. */
interface Blocks {
  readonly columns: number
  readonly rows: number
  readonly bits: number
  readonly blockSize: number
  readonly bytes: ArrayLike<number>
  /** [columns, blocks] */
  readonly scales: ArrayLike<number>
  zero(column: number, block: number): number
}

export const unpackNBits = unpackProducts('unpack-n-bits', findPacked)

/** null for other operators, for weights that are not constants, and for rows in another order (`g_idx`). */
function findPacked(node: GraphNode, index: GraphIndex): PackedProduct | null {
  if (operatorOf(node) !== 'com.microsoft:MatMulNBits') return null
  const [, weight, scale, zero, order = '', bias = ''] = node.inputs
  const [rows, columns, blockSize] = ['K', 'N', 'block_size'].map((name) => intAttribute(node, name, 0))
  const bits = intAttribute(node, 'bits', 4)
  const bytes = numbersIn(index.initializer(weight ?? ''))
  const scales = numbersIn(index.initializer(scale ?? ''))
  if (!isSize(rows) || !isSize(columns) || !isSize(blockSize) || !BITS.has(bits)) return null
  if (bytes === null || scales === null || order !== '') return null
  const zeros =
    zero === undefined || zero === '' ? () => 2 ** (bits - 1) : zerosOf(index.initializer(zero), bits, columns, Math.ceil(rows / blockSize))
  const count = columns * Math.ceil(rows / blockSize)
  if (zeros === null || scales.length < count || bytes.length < count * Math.ceil((blockSize * bits) / 8)) return null
  const blocks: Blocks = { columns, rows, bits, blockSize, bytes, scales, zero: zeros }
  return { rows, columns, bias, unpack: (target) => unpack(blocks, target) }
}

/** Zero points are packed like the weight, each column padded to whole bytes, or are real numbers; null where they are too few. */
function zerosOf(zeros: Initializer | undefined, bits: number, columns: number, blocks: number): Blocks['zero'] | null {
  const values = numbersIn(zeros)
  if (zeros === undefined || values === null) return null
  const isPacked = zeros.elementType === 'uint8'
  const width = isPacked ? Math.ceil((blocks * bits) / 8) : blocks
  if (values.length < columns * width) return null
  if (!isPacked) return (column, block) => elementAt(values, column * blocks + block)
  return (column, block) => bitsAt(values, column * width, block, bits)
}

/** (q - zero) * scale, transposed to [rows, columns]. */
function unpack({ columns, rows, bits, blockSize, bytes, scales, zero }: Blocks, target: Float32Array): void {
  const blocks = Math.ceil(rows / blockSize)
  const blockBytes = Math.ceil((blockSize * bits) / 8)
  for (let first = 0; first < columns; first += TILE) {
    const last = Math.min(first + TILE, columns)
    for (let block = 0; block < blocks; block++) {
      const count = Math.min(blockSize, rows - block * blockSize)
      for (let column = first; column < last; column++) {
        const place = column * blocks + block
        const scale = elementAt(scales, place)
        const offset = zero(column, block)
        for (let k = 0; k < count; k++) {
          target[(block * blockSize + k) * columns + column] = (bitsAt(bytes, place * blockBytes, k, bits) - offset) * scale
        }
      }
    }
  }
}

/** An element of 2, 4 or 8 bits. */
function bitsAt(bytes: ArrayLike<number>, start: number, place: number, bits: number): number {
  const bit = place * bits
  const at = start + (bit >> 3)
  return ((bytes[at] ?? outOfRange(at, bytes.length)) >> (bit & 7)) & ((1 << bits) - 1)
}

function isSize(value: number | undefined): value is number {
  return value !== undefined && value > 0
}

function numbersIn(constant: Initializer | undefined): ArrayLike<number> | null {
  return constant === undefined ? null : numbersOf(constant)
}
