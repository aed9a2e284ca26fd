// Small pictures of every head for the grid: bytes instead of floats, long inputs reduced so that no strong cell is lost.

import { float32At, int32At } from '#tensor/vector'
import type { Alignment } from '#text/align'
import type { AttentionRun } from './attention.ts'
import { AttentionError } from './attention-error.ts'
import { checkComparable, writeHeadDifference } from './difference.ts'
import { headMatrix } from './reduce.ts'

const BYTE = 255
const SIGNED_BYTE = 127

/** Side of a thumbnail of `tokens` tokens when `size` cells are asked for: small inputs are not enlarged. */
export function thumbnailSize(tokens: number, size: number): number {
  return Math.max(0, Math.min(Math.floor(size), tokens))
}

/**
 * One layer's heads as [heads, s, s], s = `thumbnailSize(K, size)` of the K kept positions; 255 = attention 1; a cell is the largest value
 * of its block.
 * @param kept positions that are drawn, ascending; all of them unless given
 * @throws AttentionError `no-such-layer`
 */
export function attentionThumbnails(
  run: AttentionRun,
  layer: number,
  size: number,
  kept: Int32Array = allOf(run.tokens),
): Uint8Array<ArrayBuffer> {
  const heads = headsOf(run, layer)
  const side = thumbnailSize(kept.length, size)
  const cells = new Uint8Array(heads * side * side)
  fill(
    cells,
    { heads, length: run.tokens, kept, side },
    (head) => headMatrix(run, { layer, head }),
    (value) => value * BYTE,
  )
  return cells
}

/**
 * One layer's A - B over the kept ones of the P columns of the alignment as [heads, s, s], s = `thumbnailSize(K, size)`; +-127 = +-1;
 * a cell is the value of its block with the largest magnitude; gaps count as 0.
 * @param kept columns that are drawn, ascending; all of them unless given
 * @throws AttentionError `no-such-layer`, `models-differ`, `alignment-mismatch`
 */
export function differenceThumbnails(
  a: AttentionRun,
  b: AttentionRun,
  alignment: Alignment,
  layer: number,
  size: number,
  kept: Int32Array = allOf(alignment.a.length),
): Int8Array<ArrayBuffer> {
  checkComparable(a, b, alignment)
  const heads = headsOf(a, layer)
  const columns = alignment.a.length
  const side = thumbnailSize(kept.length, size)
  const cells = new Int8Array(heads * side * side)
  const difference = new Float32Array(columns * columns)
  const matrixOf = (head: number): Float32Array => {
    writeHeadDifference(headMatrix(a, { layer, head }), headMatrix(b, { layer, head }), a.tokens, b.tokens, alignment, difference)
    return difference
  }
  fill(cells, { heads, length: columns, kept, side }, matrixOf, (value) => value * SIGNED_BYTE)
  return cells
}

/**
 * One layer's signed values as [heads, s, s], s = `thumbnailSize(K, size)` of the K kept positions; +-127 = +-`scale`; a cell is the value
 * of its block with the largest magnitude.
 * @param kept positions that are drawn, ascending; all of them unless given
 * @throws AttentionError `no-such-layer`
 */
export function signedThumbnails(
  run: AttentionRun,
  layer: number,
  size: number,
  scale: number,
  kept: Int32Array = allOf(run.tokens),
): Int8Array<ArrayBuffer> {
  const heads = headsOf(run, layer)
  const side = thumbnailSize(kept.length, size)
  const cells = new Int8Array(heads * side * side)
  const matrixOf = (head: number): Float32Array => headMatrix(run, { layer, head })
  fill(cells, { heads, length: run.tokens, kept, side }, matrixOf, (value) => (scale === 0 ? 0 : (value / scale) * SIGNED_BYTE))
  return cells
}

/** The kept rows and columns of each head's matrix [length, length], reduced to [side, side]. */
function fill(
  cells: Uint8Array | Int8Array,
  { heads, length, kept, side }: { readonly heads: number; readonly length: number; readonly kept: Int32Array; readonly side: number },
  matrixOf: (head: number) => Float32Array,
  inBytes: (value: number) => number,
): void {
  const blocks = blockOf(kept.length, side)
  const largest = new Float32Array(side * side)
  for (let head = 0; head < heads; head++) {
    reduceBlocks(matrixOf(head), length, kept, blocks, side, largest)
    const at = head * side * side
    for (let i = 0; i < largest.length; i++) cells[at + i] = Math.round(inBytes(float32At(largest, i)))
  }
}

/** The positions that are left without those set aside. */
export function without(length: number, aside: readonly number[]): Int32Array {
  const gone = new Set(aside)
  return allOf(length).filter((at) => !gone.has(at))
}

function allOf(length: number): Int32Array {
  return Int32Array.from({ length }, (_, at) => at)
}

function headsOf(run: AttentionRun, layer: number): number {
  const heads = run.layers[layer]?.heads
  if (heads === undefined) throw new AttentionError('no-such-layer', { layer, layers: run.layers.length })
  return heads
}

/** Which of `side` blocks each of `length` places falls in. */
function blockOf(length: number, side: number): Int32Array {
  return Int32Array.from({ length }, (_, place) => Math.floor((place * side) / length))
}

/** Writes each block's value of the largest magnitude to `largest` [side, side]; NaN (a gap) is passed over. */
function reduceBlocks(
  matrix: Float32Array,
  length: number,
  kept: Int32Array,
  blocks: Int32Array,
  side: number,
  largest: Float32Array,
): void {
  largest.fill(0)
  for (let row = 0; row < kept.length; row++) {
    const from = int32At(kept, row) * length
    const at = int32At(blocks, row) * side
    for (let column = 0; column < kept.length; column++) {
      const value = float32At(matrix, from + int32At(kept, column))
      const cell = at + int32At(blocks, column)
      if (Math.abs(value) > Math.abs(float32At(largest, cell))) largest[cell] = value
    }
  }
}
