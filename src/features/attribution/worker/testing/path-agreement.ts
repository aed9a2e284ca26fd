// Integrated gradients beside PyTorch's midpoint rule of 50 steps.

import { expect } from 'vitest'
import type { Attribution } from '#methods/attribution'

export interface GoldenPath {
  readonly values: { readonly data: readonly number[] }
  readonly sum: number
  readonly expected_sum: number
}

/** Ours adds up to 1 %, and each value is as far from PyTorch's as neither sum is exact. */
export function expectPath({ values, expectedSum, doubts, left }: Attribution, golden: GoldenPath): void {
  const whole = golden.expected_sum
  const sum = values.reduce((total, value) => total + value, 0)
  expect(expectedSum).toBeCloseTo(whole, 3)
  expect(Math.abs(sum - whole)).toBeLessThan(0.01 * Math.abs(whole))
  expect({ doubts, left }).toEqual({ doubts: [], left: 0 })
  const unsure = Math.abs(golden.sum - whole) + 0.01 * Math.abs(whole)
  values.forEach((value, token) => {
    expect(Math.abs(value - (golden.values.data[token] ?? Number.NaN))).toBeLessThan(unsure)
  })
}
