// Two inputs, one model: what each head looks at in A and no longer in B, over the tokens that face each other.

import { elementAt, float32At, int32At } from '#tensor/vector'
import type { Alignment } from '#text/align'
import type { AttentionChoice, AttentionMatrix, AttentionRun, HeadRef } from './attention.ts'
import { AttentionError } from './attention-error.ts'
import { chooseAttention, headMatrix } from './reduce.ts'

/** How much one head's attention moved between A and B. */
export interface HeadChange extends HeadRef {
  /** Mean over aligned query tokens of the total variation distance between the two rows: share of attention that moved, 0..1. */
  readonly moved: number
  /** The aligned cell that changed most: columns of the alignment (-1 where no tokens are aligned), and A - B there. */
  readonly query: number
  readonly key: number
  readonly change: number
}

/**
 * The chosen attention of A minus that of B, matrices [P, P] over the P columns of the alignment; NaN where either side has a gap.
 * `tokens` of the answers is P. Heads are reduced on each side first: the difference of two means, or of two maxima.
 * @throws AttentionError `models-differ`, `alignment-mismatch`, `no-such-head`
 */
export function attentionDifference(a: AttentionRun, b: AttentionRun, alignment: Alignment, choice: AttentionChoice): AttentionMatrix[] {
  checkComparable(a, b, alignment)
  const columns = alignment.a.length
  const ofB = chooseAttention(b, choice)
  return chooseAttention(a, choice).map(({ head, data }, index) => {
    const difference = new Float32Array(columns * columns)
    writeHeadDifference(data, elementAt(ofB, index).data, a.tokens, b.tokens, alignment, difference)
    return { head, tokens: columns, data: difference }
  })
}

/**
 * Every head's change, layer by layer. For one aligned query the distance is
 * `0.5 * (sum over aligned keys |A - B| + A's mass on keys without partner + B's mass on keys without partner)`.
 * @throws AttentionError `models-differ`, `alignment-mismatch`
 */
export function headChanges(a: AttentionRun, b: AttentionRun, alignment: Alignment): HeadChange[] {
  checkComparable(a, b, alignment)
  const pairs = alignedPairs(alignment)
  return a.layers.flatMap(({ heads }, layer) =>
    Array.from({ length: heads }, (_, head) => {
      const ref = { layer, head }
      return { ...ref, ...headChange(headMatrix(a, ref), headMatrix(b, ref), a.tokens, b.tokens, pairs) }
    }),
  )
}

/** Checks that two runs are of one architecture and that the alignment fits them; throws AttentionError if not. */
export function checkComparable(a: AttentionRun, b: AttentionRun, alignment: Alignment): void {
  if (a.layers.length !== b.layers.length) throw new AttentionError('models-differ', { layer: -1, a: a.layers.length, b: b.layers.length })
  a.layers.forEach(({ heads }, layer) => {
    const other = elementAt(b.layers, layer).heads
    if (heads !== other) throw new AttentionError('models-differ', { layer, a: heads, b: other })
  })
  const fits = alignment.a.length === alignment.b.length && alignment.a.every((i) => i < a.tokens) && alignment.b.every((j) => j < b.tokens)
  if (!fits) throw new AttentionError('alignment-mismatch', { tokensA: a.tokens, tokensB: b.tokens })
}

/** Writes A - B of one head to `difference` [P, P]; NaN where either side has a gap. */
export function writeHeadDifference(
  a: Float32Array,
  b: Float32Array,
  tokensA: number,
  tokensB: number,
  alignment: Alignment,
  difference: Float32Array,
): void {
  const columns = alignment.a.length
  difference.fill(Number.NaN)
  for (let query = 0; query < columns; query++) {
    const rowA = int32At(alignment.a, query)
    const rowB = int32At(alignment.b, query)
    if (rowA < 0 || rowB < 0) continue
    for (let key = 0; key < columns; key++) {
      const i = int32At(alignment.a, key)
      const j = int32At(alignment.b, key)
      if (i < 0 || j < 0) continue
      difference[query * columns + key] = float32At(a, rowA * tokensA + i) - float32At(b, rowB * tokensB + j)
    }
  }
}

/** The columns without gaps, as places in the alignment and as tokens, and the tokens without partner. */
interface AlignedPairs {
  readonly column: Int32Array
  readonly a: Int32Array
  readonly b: Int32Array
  readonly looseA: Int32Array
  readonly looseB: Int32Array
}

function alignedPairs({ a, b }: Alignment): AlignedPairs {
  const places = Int32Array.from(a.keys())
  const column = places.filter((k) => int32At(a, k) >= 0 && int32At(b, k) >= 0)
  return {
    column,
    a: column.map((k) => int32At(a, k)),
    b: column.map((k) => int32At(b, k)),
    looseA: a.filter((_, k) => int32At(b, k) < 0),
    looseB: b.filter((_, k) => int32At(a, k) < 0),
  }
}

function headChange(
  a: Float32Array,
  b: Float32Array,
  tokensA: number,
  tokensB: number,
  pairs: AlignedPairs,
): Omit<HeadChange, keyof HeadRef> {
  const count = pairs.column.length
  let distance = 0
  let largest = -1
  let largestQuery = -1
  let largestKey = -1
  let change = 0
  for (let query = 0; query < count; query++) {
    const rowA = int32At(pairs.a, query) * tokensA
    const rowB = int32At(pairs.b, query) * tokensB
    let moved = massOn(a, rowA, pairs.looseA) + massOn(b, rowB, pairs.looseB)
    for (let key = 0; key < count; key++) {
      const difference = float32At(a, rowA + int32At(pairs.a, key)) - float32At(b, rowB + int32At(pairs.b, key))
      const step = Math.abs(difference)
      moved += step
      if (step > largest) {
        largest = step
        largestQuery = query
        largestKey = key
        change = difference
      }
    }
    distance += moved / 2
  }
  return {
    moved: count === 0 ? 0 : Math.min(1, distance / count),
    query: largestQuery < 0 ? -1 : int32At(pairs.column, largestQuery),
    key: largestKey < 0 ? -1 : int32At(pairs.column, largestKey),
    change,
  }
}

function massOn(values: Float32Array, row: number, keys: Int32Array): number {
  let mass = 0
  for (const key of keys) mass += float32At(values, row + key)
  return mass
}
