// Masks as float32 biases on scores: 0 where a key may be seen, a very negative number where not.

import type { Emitter } from '../rewrite/emitter.ts'

/** Finite, so that a row with no key to see becomes an even one instead of NaN. */
export const LOWEST = -3.4028234663852886e38

/** A bias that is 0 where a condition holds, else `masked`. */
export function biasWhere(condition: string, masked: number, to: Emitter): string {
  return to.op('Where', [condition, to.real('float32', [0]), to.real('float32', [masked])])
}

export interface Band {
  /** Numbers of queries and keys, int64 scalars. */
  readonly queries: string
  readonly keys: string
  /** Keys that a query sees up to itself; null for all before. */
  readonly window: number | null
}

/** [T,S] bool: key j is seen by query i where i - window < j <= i. */
export function causalBand({ queries, keys, window }: Band, to: Emitter): string {
  const rows = to.unsqueeze(countTo(queries, to), [1])
  const columns = to.unsqueeze(countTo(keys, to), [0])
  const past = to.op('LessOrEqual', [columns, rows])
  if (window === null) return past
  return to.op('And', [past, to.op('Greater', [columns, to.op('Sub', [rows, to.int(window)])])])
}

/** 0, 1 .. length - 1 */
export function countTo(length: string, to: Emitter): string {
  return to.op('Range', [to.int(0), length, to.int(1)])
}

export interface KeyMask {
  /** int32: [B] or [2B] ends (then starts) of real keys, or ones for keys to be seen as [B,S], [B,T,S] or [B,1,M,M]. */
  readonly mask: string
  readonly rank: number
  readonly batch: string
  readonly queries: string
  readonly keys: string
}

/** bool, broadcast to [B,N,T,S]: what a mask of com.microsoft attention lets through. */
export function keysSeen({ mask, rank, batch, queries, keys }: KeyMask, to: Emitter): string {
  if (rank === 1) return betweenEnds(mask, batch, keys, to)
  const seen = to.op('Greater', [mask, to.int32(0)])
  if (rank === 2) return to.unsqueeze(seen, [1, 2])
  if (rank === 3) return to.unsqueeze(seen, [1])
  if (rank !== 4) return to.refuse(`a mask of rank ${rank}`)
  const lengths = to.op('Concat', [to.reshape(queries, [1]), to.reshape(keys, [1])], { axis: 0 })
  return to.op('Slice', [seen, to.ints([0, 0]), lengths, to.ints([2, 3])])
}

/** [B,1,1,S]: from each start, 0 where the mask has none, up to before each end. */
function betweenEnds(mask: string, batch: string, keys: string, to: Emitter): string {
  const one = to.reshape(batch, [1])
  const two = to.op('Add', [one, one])
  const zeros = to.op('Expand', [to.int32(0), one])
  const padded = to.op('Concat', [mask, zeros], { axis: 0 })
  const part = (from: string, until: string): string => to.reshape(to.op('Slice', [padded, from, until, to.ints([0])]), [-1, 1, 1, 1])
  const columns = to.op('Cast', [countTo(keys, to)], { to: 6 })
  const ended = to.op('Less', [columns, part(to.ints([0]), one)])
  return to.op('And', [ended, to.op('GreaterOrEqual', [columns, part(one, two)])])
}
