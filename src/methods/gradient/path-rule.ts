// How an integral over a stretch of a path is estimated twice from the same points: by Gauss's rule, and by Kronrod's with more points.

/** One point of a stretch from 0 to 1. */
export interface RulePoint {
  readonly at: number
  /** In Gauss's rule; null where it leaves the point out. */
  readonly gauss: number | null
  readonly kronrod: number
}

/** On [-1, 1]: place, weight of the three points of Gauss and Legendre, weight of Kronrod's seven. */
const HALF_RULE: readonly (readonly [number, number | null, number])[] = [
  [0, 8 / 9, 0.4509165386584741],
  [0.4342437493468026, null, 0.4013974147759622],
  [0.7745966692414834, 5 / 9, 0.2684880898683334],
  [0.9604912687080203, null, 0.10465622602646726],
]

/**
 * Points in their order. Gauss's rule is exact for polynomials up to degree 5, Kronrod's up to 11 (Kronrod, 1965, "Nodes and weights of
 * quadrature formulas").
 */
export const PATH_RULE: readonly RulePoint[] = HALF_RULE.flatMap(([place, gauss, kronrod]) => {
  const point = (at: number): RulePoint => ({ at: (1 + at) / 2, gauss: gauss === null ? null : gauss / 2, kronrod: kronrod / 2 })
  return place === 0 ? [point(0)] : [point(-place), point(place)]
}).sort((one, other) => one.at - other.at)

/** The points of Gauss's rule. */
export const GAUSS_POINTS: readonly RulePoint[] = PATH_RULE.filter(({ gauss }) => gauss !== null)
