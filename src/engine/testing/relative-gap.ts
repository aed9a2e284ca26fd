// How far two lists of numbers are apart, measured by the larger one.

import { largestGap } from './reference.ts'

/** Largest difference by the largest expected element; Infinity where lengths differ or a value is not a number. */
export function relativeGap(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largestGap(actual, expected) / (largest === 0 ? 1 : largest)
}
