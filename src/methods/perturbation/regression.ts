// Weighted least squares with a penalty: what LIME and KernelSHAP fit.

import { CholeskyDecomposition, Matrix } from 'ml-matrix'

export interface Fit {
  readonly coefficients: Float64Array
  readonly intercept: number
  /** Share of the weighted variance that the fit explains. */
  readonly r2: number
}

/**
 * Minimises sum w (y - b - x c)^2 + penalty |c|^2; the intercept b is not penalised.
 * @param rows [samples] of [features]
 */
export function ridge(rows: readonly ArrayLike<number>[], targets: ArrayLike<number>, weights: ArrayLike<number>, penalty: number): Fit {
  const features = rows[0]?.length ?? 0
  const total = sum(rows.length, (sample) => weights[sample] ?? 0)
  const meanOf = (value: (sample: number) => number): number => sum(rows.length, (sample) => (weights[sample] ?? 0) * value(sample)) / total
  const centre = Float64Array.from({ length: features }, (_, feature) => meanOf((sample) => rows[sample]?.[feature] ?? 0))
  const middle = meanOf((sample) => targets[sample] ?? 0)
  const normal = Matrix.zeros(features, features)
  const right = new Float64Array(features)
  rows.forEach((row, sample) => {
    const weight = weights[sample] ?? 0
    for (let one = 0; one < features; one++) {
      const scaled = weight * ((row[one] ?? 0) - (centre[one] ?? 0))
      if (scaled === 0) continue
      right[one] = (right[one] ?? 0) + scaled * ((targets[sample] ?? 0) - middle)
      for (let other = 0; other <= one; other++) {
        normal.set(one, other, normal.get(one, other) + scaled * ((row[other] ?? 0) - (centre[other] ?? 0)))
      }
    }
  })
  const coefficients = solveSymmetric(normal, right, penalty)
  const intercept = middle - sum(features, (feature) => (coefficients[feature] ?? 0) * (centre[feature] ?? 0))
  const fitted = (row: ArrayLike<number>): number =>
    intercept + sum(features, (feature) => (coefficients[feature] ?? 0) * (row[feature] ?? 0))
  const missed = sum(rows.length, (sample) => (weights[sample] ?? 0) * ((targets[sample] ?? 0) - fitted(rows[sample] ?? [])) ** 2)
  const spread = sum(rows.length, (sample) => (weights[sample] ?? 0) * ((targets[sample] ?? 0) - middle) ** 2)
  return { coefficients, intercept, r2: spread === 0 ? 1 : 1 - missed / spread }
}

/**
 * x of (A + penalty) x = b.
 * @param lower the lower half of A, which is changed
 */
export function solveSymmetric(lower: Matrix, right: Float64Array, penalty: number): Float64Array {
  const size = right.length
  const scale = Math.max(...Array.from({ length: size }, (_, at) => lower.get(at, at)), Number.MIN_VALUE)
  for (let one = 0; one < size; one++) {
    // What no sample tells of is held at zero by a trace of a penalty.
    lower.set(one, one, lower.get(one, one) + penalty + 1e-12 * scale)
    for (let other = 0; other < one; other++) lower.set(other, one, lower.get(one, other))
  }
  return Float64Array.from(new CholeskyDecomposition(lower).solve(Matrix.columnVector(Array.from(right))).to1DArray())
}

function sum(count: number, value: (at: number) => number): number {
  let total = 0
  for (let at = 0; at < count; at++) total += value(at)
  return total
}
