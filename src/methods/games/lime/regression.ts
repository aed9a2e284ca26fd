// Weighted least squares with a penalty: what LIME and KernelSHAP fit.

import { createCholesky, TRACE } from '#tensor/cholesky'
import { elementAt, float64At } from '#tensor/vector'

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
  const total = sum(rows.length, (sample) => elementAt(weights, sample))
  const meanOf = (value: (sample: number) => number): number =>
    sum(rows.length, (sample) => elementAt(weights, sample) * value(sample)) / total
  const centre = Float64Array.from({ length: features }, (_, feature) => meanOf((sample) => elementAt(elementAt(rows, sample), feature)))
  const middle = meanOf((sample) => elementAt(targets, sample))
  const products = new Float64Array(features * features)
  const cross = new Float64Array(features)
  let spread = 0
  rows.forEach((row, sample) => {
    const weight = elementAt(weights, sample)
    const off = elementAt(targets, sample) - middle
    spread += weight * off * off
    for (let one = 0; one < features; one++) {
      const scaled = weight * (elementAt(row, one) - float64At(centre, one))
      cross[one] = float64At(cross, one) + scaled * off
      for (let other = 0; other <= one; other++) {
        const product = float64At(products, one * features + other) + scaled * (elementAt(row, other) - float64At(centre, other))
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
  const diagonal = (feature: number): number => float64At(products, feature * (width + 1))
  // What no sample tells of is held at zero by a trace of a penalty.
  const trace = TRACE * Math.max(...features.map(diagonal), Number.MIN_VALUE)
  const normal = createCholesky()
  for (const [at, one] of features.entries()) {
    const row = Float64Array.from(features.slice(0, at), (other) => float64At(products, one * width + other))
    normal.append([row], diagonal(one) + penalty + trace, trace)
  }
  const found = normal.solve(Float64Array.from(features, (feature) => float64At(cross, feature)))
  const coefficients = new Float64Array(width)
  features.forEach((feature, at) => {
    coefficients[feature] = float64At(found, at)
  })
  const intercept = middle - sum(width, (feature) => float64At(coefficients, feature) * float64At(centre, feature))
  const explained = sum(width, (one) => {
    const own = float64At(coefficients, one)
    if (own === 0) return 0
    return (
      own * (2 * float64At(cross, one) - sum(width, (other) => float64At(products, one * width + other) * float64At(coefficients, other)))
    )
  })
  return { coefficients, intercept, r2: spread === 0 ? 1 : explained / spread }
}

function sum(count: number, value: (at: number) => number): number {
  let total = 0
  for (let at = 0; at < count; at++) total += value(at)
  return total
}
