// How often stated errors hold the truth, over games whose truth is known.

import type { Cancel } from '../method.ts'
import type { GameAnswer, GameMethod } from './game.ts'
import { gameOf, type RANDOM_GAMES, randomGame } from './games.fixture.ts'
import { interpolatedShapley, shapleyFunctional } from './interpolated-shapley.ts'
import { lime } from './lime.ts'
import { limeNeighbourhood } from './lime-neighbourhood.ts'
import { type SymmetricFunctional, valuesOf } from './symmetric-functional.ts'

const PLAYERS = 9
const never: Cancel = { aborted: false, throwIfAborted: () => undefined }
const all = Array.from({ length: 2 ** PLAYERS }, (_, subset) => Uint8Array.from({ length: PLAYERS }, (__, at) => (subset >> at) & 1))

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
    let last: Pick<GameAnswer, 'values' | 'errors'> = { values: new Float64Array(PLAYERS), errors: null }
    for await (const found of method(gameOf(PLAYERS, payoff), never)) last = found
    for (const [player, value] of last.values.entries()) {
      if (Math.abs(value - (truth[player] ?? 9)) <= 1.96 * (last.errors?.[player] ?? 0) + 1e-9) inside++
    }
  }
  return inside / (seeds * PLAYERS)
}
