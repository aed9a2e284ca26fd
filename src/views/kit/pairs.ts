// The strongest entries of a matrix, for summaries and for drawing no more lines than can be seen.

import { elementAt, float32At } from '#tensor/vector'

export interface Pair {
  readonly row: number
  readonly column: number
  readonly value: number
}

/** The `count` entries of a [rows, columns] matrix that are largest in magnitude, strongest first; NaN and 0 never. */
export function strongestPairs(values: Float32Array, columns: number, count: number): readonly Pair[] {
  const found: Pair[] = []
  let weakest = 0
  values.forEach((value, index) => {
    const strength = Math.abs(value)
    if (!(strength > weakest)) return
    const place = found.findIndex((pair) => Math.abs(pair.value) < strength)
    found.splice(place < 0 ? found.length : place, 0, { row: Math.floor(index / columns), column: index % columns, value })
    if (found.length > count) found.pop()
    if (found.length === count) weakest = Math.abs(found.at(-1)?.value ?? 0)
  })
  return found
}

/** A line between a query and a key, drawn for one head. */
export interface Link extends Pair {
  /** Index into the heads given. */
  readonly head: number
}

export interface Links {
  /** Weakest first, so that the strongest are drawn on top. */
  readonly drawn: readonly Link[]
  /** Entries that are not 0 and not drawn. */
  readonly hidden: number
}

const bins = 2048

/** Lines of magnitude >= threshold of all heads, at most `limit` of them: the strongest. Each head's values are [rows, columns]. */
export function linksOf(heads: readonly Float32Array[], columns: number, threshold: number, limit: number): Links {
  const floor = Math.max(threshold, Number.EPSILON)
  const { counts, top } = histogram(heads, floor)
  const cutoff = cutoffOf(counts, top, limit)
  const drawn: Link[] = []
  let hidden = 0
  heads.forEach((values, head) => {
    for (let index = 0; index < values.length; index += 1) {
      const value = float32At(values, index)
      const strength = Math.abs(value)
      if (!(strength > 0)) continue
      if (strength < floor || (top > 0 && binOf(strength, top) < cutoff)) hidden += 1
      else drawn.push({ head, row: Math.floor(index / columns), column: index % columns, value })
    }
  })
  drawn.sort((a, b) => Math.abs(a.value) - Math.abs(b.value))
  const surplus = Math.max(0, drawn.length - limit)
  return { drawn: surplus > 0 ? drawn.slice(surplus) : drawn, hidden: hidden + surplus }
}

function binOf(strength: number, top: number): number {
  return Math.min(bins - 1, Math.floor((strength / top) * bins))
}

/** How many values lie in each bin of magnitude; sorting millions of them to find the strongest few would be slow. */
function histogram(heads: readonly Float32Array[], floor: number): { readonly counts: Uint32Array; readonly top: number } {
  let top = 0
  for (const values of heads) {
    for (const value of values) if (Math.abs(value) > top) top = Math.abs(value)
  }
  const counts = new Uint32Array(bins)
  if (top === 0) return { counts, top }
  for (const values of heads) {
    for (const value of values) {
      const strength = Math.abs(value)
      if (strength >= floor) {
        const bin = binOf(strength, top)
        counts[bin] = elementAt(counts, bin) + 1
      }
    }
  }
  return { counts, top }
}

/** Lowest bin that still belongs to the `limit` strongest; it may hold more than fit. */
function cutoffOf(counts: Uint32Array, top: number, limit: number): number {
  if (top === 0) return 0
  let total = 0
  for (let bin = bins - 1; bin >= 0; bin -= 1) {
    total += elementAt(counts, bin)
    if (total >= limit) return bin
  }
  return 0
}
