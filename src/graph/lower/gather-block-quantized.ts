// Rows of a table in 2, 4 or 8 bits. The runtimes for WebGPU have no kernel for it on the CPU, where a model is checked, and its
// kernel for float16 wants a device that has float16. The table keeps its bytes; only the rows that are looked up are unpacked.

import { uint8At } from '#tensor/vector'
import { type GraphNode, type Initializer, intAttribute } from '../ir/graph.ts'
import type { Emitter } from '../rewrite/emitter.ts'
import { inputOf, type Lowerings, optionalInput } from './lowering.ts'

/** How a table of small integers is read: as unsigned ones, from which `zero` is taken. */
interface Packing {
  readonly bits: number
  /** Two's complement: the sign bit is turned over, which adds half the range. */
  readonly signed: boolean
  readonly zero: number
}

/** table [V,K], ids [..], scales [V,K/block], zero points? [V,K/block] -> rows [..,K]. */
function gatherBlockQuantized(node: GraphNode, to: Emitter): readonly string[] {
  if (intAttribute(node, 'gather_axis', 0) !== 0) to.refuse('gather_axis')
  if (![1, -1].includes(intAttribute(node, 'quantize_axis', 1))) to.refuse('quantize_axis')
  const [table, ids, scales] = [constantOf(node, 0, to), inputOf(node, 1, to), inputOf(node, 2, to)]
  const packing = packingOf(node, table, to)
  const grid = gridOf(node, table, packing, to)
  const type = to.realType(scales)
  const whole = to.cast(rowsOf(table, ids, packing, grid, to), 'uint8', 'float32')
  const blocks = to.reshape(whole, [...grid.lead, grid.blocks, -1])
  const centred = to.op('Sub', [blocks, zeroOf(node, ids, packing, grid, to)])
  const scaled = to.op('Mul', [centred, perBlock(to.cast(to.op('Gather', [scales, ids]), type, 'float32'), to)])
  const rows = to.reshape(scaled, [...grid.lead, -1])
  return [to.cast(grid.padded === grid.width ? rows : to.slice(rows, -1, 0, grid.width), 'float32', type)]
}

/** How rows are cut into blocks. */
interface Grid {
  /** Keeps the axes of the ids in a reshape. */
  readonly lead: readonly number[]
  readonly width: number
  readonly blocks: number
  /** The width with a last block that is full. */
  readonly padded: number
}

function gridOf(node: GraphNode, table: Initializer, { bits }: Packing, to: Emitter): Grid {
  const [, columns = 0] = table.dims
  const width = table.elementType === 'uint8' ? columns * (8 / bits) : columns
  const blocks = to.size(inputOf(node, 2, to), 1) ?? to.refuse('scales of unknown width')
  const lead = Array.from({ length: to.rank(inputOf(node, 1, to), 'indices') }, () => 0)
  const size = intAttribute(node, 'block_size', 128)
  const padded = blocks === 1 ? width : blocks * size
  if (padded < width || padded - width >= Math.max(size, 1)) to.refuse('block_size')
  return { lead, width, blocks, padded }
}

function constantOf(node: GraphNode, place: number, to: Emitter): Initializer {
  const constant = to.index.initializer(inputOf(node, place, to))
  if (constant?.dims.length !== 2) return to.refuse(`input ${place} that is no constant matrix`)
  return constant
}

function packingOf(node: GraphNode, table: Initializer, to: Emitter): Packing {
  if (table.elementType === 'int4') return { bits: 4, signed: true, zero: 8 }
  if (table.elementType === 'uint4') return { bits: 4, signed: false, zero: 0 }
  const bits = intAttribute(node, 'bits', 4)
  if (table.elementType !== 'uint8' || ![2, 4, 8].includes(bits)) return to.refuse(`${bits} bits of ${table.elementType}`)
  return { bits, signed: false, zero: 2 ** (bits - 1) }
}

/** uint8 [.., padded]: looked up as they are packed where rows are whole bytes and whole blocks. */
function rowsOf(table: Initializer, ids: string, packing: Packing, { lead, width, padded }: Grid, to: Emitter): string {
  const bytes = bytesOf(table, to)
  const [rows = 0] = table.dims
  const rowBytes = (width * packing.bits) / 8
  if (padded !== width || !Number.isInteger(rowBytes)) return to.op('Gather', [unpackedTable(table, { width, padded }, packing, to), ids])
  const packed = to.op('Gather', [to.weight({ elementType: 'uint8', dims: [rows, rowBytes], storage: { kind: 'bytes', bytes } }), ids])
  return turned(packing.bits === 8 ? packed : opened(packed, lead, packing.bits, to), packing, to)
}

/** The fields of each byte of [.., n], low bits first, as [.., n * 8 / bits]. */
function opened(packed: string, lead: readonly number[], bits: number, to: Emitter): string {
  const fields = Array.from({ length: 8 / bits }, (_, place) => {
    const low = place === 0 ? packed : to.op('BitShift', [packed, to.byte(place * bits)], { direction: 'RIGHT' })
    return to.unsqueeze(to.op('BitwiseAnd', [low, to.byte(2 ** bits - 1)]), [-1])
  })
  return to.reshape(to.op('Concat', fields, { axis: -1 }), [...lead, -1])
}

function turned(rows: string, { signed, zero }: Packing, to: Emitter): string {
  return signed ? to.op('BitwiseXor', [rows, to.byte(zero)]) : rows
}

/** float32 [.., blocks, 1], or one for all. */
function zeroOf(node: GraphNode, ids: string, packing: Packing, { blocks }: Grid, to: Emitter): string {
  if (optionalInput(node, 3) === null) return to.real('float32', [packing.zero])
  const table = unpackedTable(constantOf(node, 3, to), { width: blocks, padded: blocks }, packing, to)
  return perBlock(to.cast(to.op('Gather', [table, ids]), 'uint8', 'float32'), to)
}

/** [.., blocks] -> [.., blocks, 1] */
function perBlock(values: string, to: Emitter): string {
  return to.unsqueeze(values, [-1])
}

/** The table with a byte for each element, [rows, padded]. */
function unpackedTable(table: Initializer, { width, padded }: Pick<Grid, 'width' | 'padded'>, packing: Packing, to: Emitter): string {
  const { bits, signed, zero } = packing
  const [rows = 0] = table.dims
  const bytes = bytesOf(table, to)
  const perByte = 8 / bits
  // Tables of bytes begin each row anew; those of 4-bit types run on.
  const stride = table.elementType === 'uint8' ? Math.ceil(width / perByte) * perByte : width
  const target = new Uint8Array(rows * padded)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * stride + column
      const field = (uint8At(bytes, Math.floor(at / perByte)) >> ((at % perByte) * bits)) & (2 ** bits - 1)
      target[row * padded + column] = signed ? field ^ zero : field
    }
  }
  return to.weight({ elementType: 'uint8', dims: [rows, padded], storage: { kind: 'bytes', bytes: target } })
}

function bytesOf({ storage }: Initializer, to: Emitter): Uint8Array {
  if (storage.kind === 'bytes') return storage.bytes
  return storage.kind === 'numbers' ? Uint8Array.from(storage.numbers, Number) : to.refuse('a table that cannot be read')
}

export const gatherLowerings: Lowerings = { 'com.microsoft:GatherBlockQuantized': gatherBlockQuantized }
