// A running mean of rows of numbers, and how sure it is.

export interface SampleMean {
  add(row: Float64Array): void
  /** [T]: the mean so far. */
  values(): Float32Array
  /** [T]: its standard errors; NaN before there are two rows. */
  errors(): Float32Array
}

/** Welford (1962), "Note on a method for calculating corrected sums of squares and products". */
export function createSampleMean(tokens: number): SampleMean {
  const mean = new Float64Array(tokens)
  const squares = new Float64Array(tokens)
  let count = 0
  return {
    add: (row) => {
      count++
      for (let at = 0; at < tokens; at++) {
        const gap = (row[at] ?? 0) - (mean[at] ?? 0)
        mean[at] = (mean[at] ?? 0) + gap / count
        squares[at] = (squares[at] ?? 0) + gap * ((row[at] ?? 0) - (mean[at] ?? 0))
      }
    },
    values: () => Float32Array.from(mean),
    errors: () => Float32Array.from(squares, (sum) => Math.sqrt(sum / (count - 1) / count)),
  }
}
