import { elementAt, float64At } from './vector.ts'

/**
 * Spearman's rank correlation of two rows of values, -1..1; ties share the mean of their ranks. NaN with fewer than two values, or where
 * one row is constant. (Spearman, "The proof and measurement of association between two things", 1904.)
 */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const count = Math.min(one.length, other.length)
  if (count < 2) return Number.NaN
  const [a, b] = [ranksOf(one, count), ranksOf(other, count)]
  const mean = (count + 1) / 2
  let [together, spreadA, spreadB] = [0, 0, 0]
  for (let at = 0; at < count; at++) {
    const [x, y] = [float64At(a, at) - mean, float64At(b, at) - mean]
    together += x * y
    spreadA += x * x
    spreadB += y * y
  }
  return spreadA === 0 || spreadB === 0 ? Number.NaN : together / Math.sqrt(spreadA * spreadB)
}

/** Ranks from 1. */
function ranksOf(values: ArrayLike<number>, count: number): Float64Array {
  const order = Array.from({ length: count }, (_, at) => at).sort((x, y) => elementAt(values, x) - elementAt(values, y))
  const ranks = new Float64Array(count)
  for (let from = 0; from < count; ) {
    let to = from + 1
    while (to < count && values[elementAt(order, to)] === values[elementAt(order, from)]) to++
    for (let place = from; place < to; place++) ranks[elementAt(order, place)] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}
