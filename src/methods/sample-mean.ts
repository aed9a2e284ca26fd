// A running mean of rows of numbers, how sure it is, and how many more it takes to be sure enough.

import { float64At } from '#tensor/vector'

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
        const gap = float64At(row, at) - float64At(mean, at)
        mean[at] = float64At(mean, at) + gap / count
        squares[at] = float64At(squares, at) + gap * (float64At(row, at) - float64At(mean, at))
      }
    },
    values: () => Float32Array.from(mean),
    errors: () => Float32Array.from(squares, (sum) => Math.sqrt(sum / (count - 1) / count)),
  }
}

export interface Sampling {
  /** Samples so far. */
  readonly done: number
  /** Length of the errors now, and the one that is small enough. */
  readonly error: number
  readonly allowed: number
  /** Samples come in steps of so many, up to a limit. */
  readonly step: number
  readonly most: number
}

/** Samples after which the errors, which fall with the root of their number, will be small enough, as far as can be told; more than there are. */
export function samplesFor({ done, error, allowed, step, most }: Sampling): number {
  const wanted = done * (error / Math.max(allowed, Number.MIN_VALUE)) ** 2
  // Where there is no number, as many as there are.
  return wanted < most ? Math.min(most, Math.max(done + step, step * Math.ceil(wanted / step))) : most
}
