// How often stated errors hold the truth, over games whose truth is known.

import type { GameMethod } from '../game.ts'
import { allCoalitions, gameOf, lastAnswer, type RANDOM_GAMES, randomGame } from '../games.fixture.ts'
import { lime } from '../lime/lime.ts'
import { limeNeighbourhood } from '../lime/lime-neighbourhood.ts'
import { interpolatedShapley, shapleyFunctional } from '../shapley/interpolated-shapley.ts'
import { type SymmetricFunctional, valuesOf } from './symmetric-functional.ts'

const PLAYERS = 9
const all = allCoalitions(PLAYERS)

export const BANDS: readonly (readonly [string, GameMethod, SymmetricFunctional])[] = [
  ['Shapley values', interpolatedShapley, shapleyFunctional(PLAYERS)],
  ['LIME’s coefficients', lime(0), limeNeighbourhood(PLAYERS).coefficients],
]

/** Share of the values of some games of a kind that lie within the last answer's 95 % bands. */
export async function coverage(
  method: GameMethod,
  functional: SymmetricFunctional,
  kind: (typeof RANDOM_GAMES)[number],
  seeds: number,
): Promise<number> {
  let inside = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const payoff = randomGame(kind, PLAYERS, seed)
    const truth = valuesOf(functional, all, (coalition) => payoff(Array.from(coalition, Boolean)))
    const { values, errors } = await lastAnswer(method, gameOf(PLAYERS, payoff))
    for (const [player, value] of values.entries()) {
      if (Math.abs(value - (truth[player] ?? 9)) <= 1.96 * (errors?.[player] ?? 0) + 1e-9) inside++
    }
  }
  return inside / (seeds * PLAYERS)
}
