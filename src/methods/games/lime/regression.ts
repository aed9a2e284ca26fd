// Weighted least squares with a penalty: what LIME and KernelSHAP fit.

import { createCholesky, TRACE } from '#tensor/cholesky'

/** All that a fit needs to know of its samples. Moments are weighted, around the means. */
export interface Moments {
  /** [features, features] in rows: products of two features; symmetric. */
  readonly products: Float64Array
  /** [features]: products of a feature and the target. */
  readonly cross: Float64Array
  /** The target's square. */
  readonly spread: number
  /** [features]: means. */
  readonly centre: Float64Array
  /** The target's mean. */
  readonly middle: number
}

export interface Fit {
  /** [features]; 0 for those that are left out. */
  readonly coefficients: Float64Array
  readonly intercept: number
  /** Share of the weighted variance that the fit explains. */
  readonly r2: number
}

/** @param rows [samples] of [features] */
export function momentsOf(rows: readonly ArrayLike<number>[], targets: ArrayLike<number>, weights: ArrayLike<number>): Moments {
  const features = rows[0]?.length ?? 0
  const total = sum(rows.length, (sample) => weights[sample] ?? 0)
  const meanOf = (value: (sample: number) => number): number => sum(rows.length, (sample) => (weights[sample] ?? 0) * value(sample)) / total
  const centre = Float64Array.from({ length: features }, (_, feature) => meanOf((sample) => rows[sample]?.[feature] ?? 0))
  const middle = meanOf((sample) => targets[sample] ?? 0)
  const products = new Float64Array(features * features)
  const cross = new Float64Array(features)
  let spread = 0
  rows.forEach((row, sample) => {
    const weight = weights[sample] ?? 0
    const off = (targets[sample] ?? 0) - middle
    spread += weight * off * off
    for (let one = 0; one < features; one++) {
      const scaled = weight * ((row[one] ?? 0) - (centre[one] ?? 0))
      cross[one] = (cross[one] ?? 0) + scaled * off
      for (let other = 0; other <= one; other++) {
        const product = (products[one * features + other] ?? 0) + scaled * ((row[other] ?? 0) - (centre[other] ?? 0))
        products[one * features + other] = product
        products[other * features + one] = product
      }
    }
  })
  return { products, cross, spread, centre, middle }
}

/**
 * Minimises sum w (y - b - x c)^2 + penalty |c|^2; the intercept b is not penalised.
 * @param features those that may have a coefficient
 */
export function ridge({ products, cross, spread, centre, middle }: Moments, features: readonly number[], penalty: number): Fit {
  const width = cross.length
  const diagonal = (feature: number): number => products[feature * (width + 1)] ?? 0
  // What no sample tells of is held at zero by a trace of a penalty.
  const trace = TRACE * Math.max(...features.map(diagonal), Number.MIN_VALUE)
  const normal = createCholesky()
  for (const [at, one] of features.entries()) {
    const row = Float64Array.from(features.slice(0, at), (other) => products[one * width + other] ?? 0)
    normal.append([row], diagonal(one) + penalty + trace, trace)
  }
  const found = normal.solve(Float64Array.from(features, (feature) => cross[feature] ?? 0))
  const coefficients = new Float64Array(width)
  features.forEach((feature, at) => {
    coefficients[feature] = found[at] ?? 0
  })
  const intercept = middle - sum(width, (feature) => (coefficients[feature] ?? 0) * (centre[feature] ?? 0))
  const explained = sum(width, (one) => {
    const own = coefficients[one] ?? 0
    if (own === 0) return 0
    return own * (2 * (cross[one] ?? 0) - sum(width, (other) => (products[one * width + other] ?? 0) * (coefficients[other] ?? 0)))
  })
  return { coefficients, intercept, r2: spread === 0 ? 1 : explained / spread }
}

function sum(count: number, value: (at: number) => number): number {
  let total = 0
  for (let at = 0; at < count; at++) total += value(at)
  return total
}
