// Stated errors against what answers really are off: in closed form, and over many games whose truth is known.

import { describe, expect, it } from 'vitest'
import { RANDOM_GAMES } from '../games.fixture.ts'
import { createCalibration } from './calibration.ts'
import { BANDS, coverage } from './coverage.fixture.ts'

describe('errors', () => {
  const answer = (value: number, error: number) => ({ values: Float64Array.of(value, -value), errors: Float64Array.of(error, error) })

  it('stay as they are where answers move as far as they said, or less', () => {
    const calibrate = createCalibration()
    // A variance of 25 falls to 9: a square of 16.
    for (const [value, error] of [
      [0, 5],
      [4, 3],
      [4.1, 2],
    ] as const)
      expect(Array.from(calibrate(answer(value, error)).errors)).toEqual([error, error])
  })

  it('grow where answers move further, and stay so', () => {
    const calibrate = createCalibration()
    calibrate(answer(0, 5))
    // Seven times the square, beside one that is taken to have been as was said.
    expect(calibrate(answer(4 * Math.sqrt(7), 3)).errors[0]).toBeCloseTo(3 * 2, 10)
    expect(calibrate(answer(4 * Math.sqrt(7), 0)).errors[0]).toBe(0)
    // Where nothing was unsure nothing is learnt.
    expect(calibrate(answer(9, 1)).errors[0]).toBeCloseTo(Math.sqrt(8 / 3), 10)
  })
})

describe.each(BANDS)('the 95 %% bands of %s', (_name, method, functional) => {
  it('hold the truth of games of all kinds', { timeout: 120_000 }, async () => {
    let sum = 0
    for (const kind of RANDOM_GAMES) sum += await coverage(method, functional, kind, 3)
    expect(sum / RANDOM_GAMES.length).toBeGreaterThan(0.92)
  })
})
