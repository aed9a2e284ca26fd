import { describe, expect, test } from 'vitest'
import { linksOf, strongestPairs } from './pairs.ts'

describe('strongestPairs', () => {
  test('largest magnitude first; NaN and 0 never', () => {
    const values = Float32Array.of(0.1, -0.9, Number.NaN, 0, 0.5, 0.3)
    expect(strongestPairs(values, 3, 3).map((pair) => [pair.row, pair.column])).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
    ])
  })

  test('fewer than asked for when there are fewer', () => {
    expect(strongestPairs(new Float32Array(9), 3, 5)).toEqual([])
  })
})

describe('linksOf', () => {
  test('draws what reaches the threshold, weakest first, and counts the rest', () => {
    const links = linksOf([Float32Array.of(0.5, 0.1, 0, Number.NaN), Float32Array.of(-0.7, 0.2, 0.3, 0)], 2, 0.2, 100)
    expect(links.drawn.map((link) => [link.head, link.row, link.column])).toEqual([
      [1, 0, 1],
      [1, 1, 0],
      [0, 0, 0],
      [1, 0, 0],
    ])
    expect(links.hidden).toBe(1)
  })

  test('keeps exactly the strongest when there are more than the limit', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, index) => ((index * 7919) % 10_007) / 10_007)
    const links = linksOf([values], 100, 0, 400)
    expect(links.drawn).toHaveLength(400)
    const kept = links.drawn[0]?.value ?? 0
    expect(values.filter((value) => value > kept).length).toBe(399)
    expect(links.hidden).toBe(values.filter((value) => value > 0).length - 400)
  })

  test('equal values beyond the limit are cut to it', () => {
    const links = linksOf([new Float32Array(5000).fill(0.25)], 100, 0.1, 4000)
    expect(links.drawn).toHaveLength(4000)
    expect(links.hidden).toBe(1000)
  })
})
