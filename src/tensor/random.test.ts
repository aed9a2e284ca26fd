import { describe, expect, it } from 'vitest'
import { normalNumbers } from './random.ts'

describe('normal numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    const take = (seed: number): readonly number[] => Array.from({ length: 9 }, normalNumbers(seed))
    expect(take(1)).toEqual(take(1))
    expect(take(1)).not.toEqual(take(2))
  })

  it('have mean 0, deviation 1, no skew, and the tails of a bell', () => {
    const count = 40_000
    const values = Array.from({ length: count }, normalNumbers(3))
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / count
    expect(moment(1)).toBeCloseTo(0, 1)
    expect(moment(2)).toBeCloseTo(1, 1)
    expect(Math.abs(moment(3))).toBeLessThan(0.1)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2)
  })

  it('do not follow one another', () => {
    const values = Array.from({ length: 20_000 }, normalNumbers(5))
    const next = values.slice(1).reduce((sum, value, at) => sum + value * (values[at] ?? 0), 0) / values.length
    expect(Math.abs(next)).toBeLessThan(0.03)
  })
})
