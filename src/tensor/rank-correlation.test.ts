import { describe, expect, it } from 'vitest'
import { rankCorrelation } from './rank-correlation.ts'

describe('rankCorrelation', () => {
  it('is 1 for the same order, -1 for the opposite one, whatever the distances', () => {
    expect(rankCorrelation([1, 2, 3], [10, 11, 900])).toBeCloseTo(1)
    expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, -9])).toBeCloseTo(-1)
  })

  it('is that of the textbook: 1 - 6 sum d^2 / n (n^2 - 1)', () => {
    expect(rankCorrelation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24))
  })

  it('gives ties the mean of their ranks', () => {
    expect(rankCorrelation([1, 1, 2], [5, 5, 9])).toBeCloseTo(1)
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(0.9487, 4)
  })

  it('is not a number where there is no order', () => {
    expect(rankCorrelation([1], [1])).toBeNaN()
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN()
  })
})
