// Stated errors against what answers really are off, for each kind of game.

import { describe, expect, it } from 'vitest'
import type { GameMethod } from '../game.ts'
import { allCoalitions, gameOf, lastAnswer, RANDOM_GAMES } from '../games.fixture.ts'
import { lime } from '../lime/lime.ts'
import { limeNeighbourhood } from '../lime/lime-neighbourhood.ts'
import { interpolatedShapley, shapleyFunctional } from '../shapley/interpolated-shapley.ts'
import { BANDS, coverage } from './coverage.fixture.ts'
import { type SymmetricFunctional, valuesOf } from './symmetric-functional.ts'

describe.each(BANDS)('the 95 %% bands of %s', (_name, method, functional) => {
  it.each(RANDOM_GAMES)('hold the truth of games of the kind “%s”', { timeout: 300_000 }, async (kind) => {
    const share = await coverage(method, functional, kind, 16)
    console.info(`${kind}: ${(100 * share).toFixed(0)} %`)
    expect(share).toBeGreaterThan(0.9)
  })
})

describe.each<readonly [string, GameMethod, (players: number) => SymmetricFunctional]>([
  ['Shapley values', interpolatedShapley, shapleyFunctional],
  ['LIME’s coefficients', lime(0), (players) => limeNeighbourhood(players).coefficients],
])('%s at the stop', (_name, method, functionalOf) => {
  it.each([
    ['a majority', (present: readonly boolean[]) => Number(present.filter(Boolean).length > 5)],
    [
      'a weighted step',
      (present: readonly boolean[]) => Number(present.reduce((sum, there, at) => sum + (there ? 1 + 0.1 * at : 0), 0) > 8),
    ],
  ] as const)('are not far beyond their errors for %s', { timeout: 300_000 }, async (_game, payoff) => {
    const players = 11
    const truth = valuesOf(functionalOf(players), allCoalitions(players), (coalition) => payoff(Array.from(coalition, Boolean)))
    const { values, errors } = await lastAnswer(method, gameOf(players, payoff))
    for (const [player, value] of values.entries()) {
      expect(Math.abs(value - (truth[player] ?? 9))).toBeLessThan(8 * (errors?.[player] ?? 0) + 1e-9)
    }
  })
})
