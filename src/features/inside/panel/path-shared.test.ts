import { describe, expect, it } from 'vitest'
import { MOST_SHOWN, runsOf, shownPositions, usualStart, WINDOW_STEP } from './path-shared.ts'

const from = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('positions that are drawn', () => {
  it('are all of a short text', () => {
    expect(shownPositions(5, [4], usualStart(5, 4))).toEqual(from(0, 4))
    expect(shownPositions(MOST_SHOWN, [0], 1)).toEqual(from(0, MOST_SHOWN - 1))
  })

  it('are the first and those up to a little beyond the asked one', () => {
    expect(shownPositions(40, [20], usualStart(40, 20))).toEqual([0, ...from(9, 21)])
    expect(shownPositions(40, [39], usualStart(40, 39))).toEqual([0, ...from(27, 39)])
    expect(shownPositions(40, [0], usualStart(40, 0))).toEqual(from(0, 13))
  })

  it('keep what is asked about wherever the reader moves, and never more than find room', () => {
    expect(shownPositions(200, [199, 3], 51)).toEqual([0, 3, ...from(51, 61), 199])
    for (let start = 1; start <= 200 - WINDOW_STEP; start += WINDOW_STEP)
      expect(shownPositions(200, [199, 3], start)).toHaveLength(MOST_SHOWN)
  })

  it('reach every position by moving on', () => {
    const seen = new Set(from(1, 190).flatMap((start) => ((start - 1) % WINDOW_STEP === 0 ? shownPositions(200, [100, 7, 8], start) : [])))
    for (const at of shownPositions(200, [100, 7, 8], 190)) seen.add(at)
    expect(seen.size).toBe(200)
  })

  it('are told as runs, from 1', () => {
    expect(runsOf([0, 30, 31, 32, 199])).toBe('1, 31–33, 200')
    expect(runsOf([])).toBe('')
  })
})
