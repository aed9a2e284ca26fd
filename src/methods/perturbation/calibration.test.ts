// Stated errors against what answers really are off: in closed form, and over many games whose truth is known.

import { describe, expect, it } from 'vitest'
import { createCalibration } from './calibration.ts'
import type { GameAnswer, GameMethod } from './game.ts'
import { gameOf, RANDOM_GAMES, randomGame } from './games.fixture.ts'
import { interpolatedShapley, shapleyFunctional } from './interpolated-shapley.ts'
import { lime } from './lime.ts'
import { limeNeighbourhood } from './lime-neighbourhood.ts'
import { type SymmetricFunctional, valuesOf } from './symmetric-functional.ts'

const never = new AbortController().signal

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

const PLAYERS = 9
const SEEDS = 16

describe.each<readonly [string, GameMethod, SymmetricFunctional]>([
  ['Shapley values', interpolatedShapley, shapleyFunctional(PLAYERS)],
  ['LIME’s coefficients', lime(0), limeNeighbourhood(PLAYERS).coefficients],
])('the 95 %% bands of %s', (_, method, functional) => {
  const all = Array.from({ length: 2 ** PLAYERS }, (__, subset) => Uint8Array.from({ length: PLAYERS }, (___, at) => (subset >> at) & 1))

  it.each(RANDOM_GAMES)('hold the truth of games of the kind “%s”', { timeout: 120_000 }, async (kind) => {
    let [inside, count] = [0, 0]
    for (let seed = 1; seed <= SEEDS; seed++) {
      const payoff = randomGame(kind, PLAYERS, seed)
      const truth = valuesOf(functional, all, (coalition) => payoff(Array.from(coalition, Boolean)))
      let last: Pick<GameAnswer, 'values' | 'errors'> = { values: new Float64Array(PLAYERS), errors: null }
      for await (const found of method(gameOf(PLAYERS, payoff), never)) last = found
      for (const [player, value] of last.values.entries()) {
        count++
        if (Math.abs(value - (truth[player] ?? 9)) <= 1.96 * (last.errors?.[player] ?? 0) + 1e-9) inside++
      }
    }
    expect(inside / count).toBeGreaterThan(0.91)
  })
})
