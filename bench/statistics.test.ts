import { describe, expect, it } from 'vitest'
import { median, quantile, ratioOf } from './statistics.ts'

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([30, 1, 2])).toBe(2)
  })
  it('lies between the two middle values of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5)
  })
  it('is the value itself when there is one', () => {
    expect(median([7])).toBe(7)
  })
  it('refuses no values', () => {
    expect(() => median([])).toThrow('no value')
  })
})

describe('quantile', () => {
  const hundred = Array.from({ length: 101 }, (_, index) => 100 - index)
  it('leaves a share of the values below', () => {
    expect(quantile(hundred, 0.95)).toBe(95)
    expect(quantile(hundred, 0)).toBe(0)
    expect(quantile(hundred, 1)).toBe(100)
  })
  it('interpolates between neighbours', () => {
    expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5)
  })
  it('does not sort the values it was given', () => {
    const values = [3, 1, 2]
    quantile(values, 0.5)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('ratioOf', () => {
  it('is the ratio of medians, with the quartiles of the rounds around it', () => {
    const { ratio, low, high } = ratioOf([11, 12, 13, 14, 15], [10, 10, 10, 10, 10])
    expect(ratio).toBeCloseTo(1.3)
    expect(low).toBeCloseTo(1.2)
    expect(high).toBeCloseTo(1.4)
  })
  it('is not moved by one disturbed round', () => {
    expect(ratioOf([10, 10, 900], [10, 10, 10]).ratio).toBe(1)
  })
  it('refuses timings that were not taken in the same rounds', () => {
    expect(() => ratioOf([1, 2], [1])).toThrow('same rounds')
  })
})
