// Medians, quantiles and ratios of timings.

export interface Ratio {
  /** Median of the one / median of the other. */
  readonly ratio: number
  /** First and third quartile of the ratios round by round: how far one round is from another. */
  readonly low: number
  readonly high: number
}

/**
 * The value below which a share of the values lies, interpolated between neighbours.
 * @param share 0..1
 * @throws Error when there is no value
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new Error('no value was measured')
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * Ratio of two timings taken in turn, `over[i]` and `under[i]` in round i.
 * @throws Error when the lengths differ or nothing was measured
 */
export function ratioOf(over: readonly number[], under: readonly number[]): Ratio {
  if (over.length !== under.length) throw new Error('the two were not measured in the same rounds')
  const rounds = over.map((value, round) => value / (under[round] ?? Number.NaN))
  return { ratio: median(over) / median(under), low: quantile(rounds, 0.25), high: quantile(rounds, 0.75) }
}
