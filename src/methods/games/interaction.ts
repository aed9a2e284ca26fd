// What two units do together beyond what each does alone.

import { elementAt, float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import { fullCoalition, type Game, withPlayers } from './game.ts'

export interface PairAnswer {
  /** [players, players], symmetric, NaN on the diagonal and where still to come. */
  readonly values: Float64Array
  readonly left: number
}

/** 4,950 pairs: minutes of a small model. */
export const MOST_PAIRED_PLAYERS = 100
/** Pairs between two partial answers. */
const GROUP = 16

/**
 * f(all) - f(without one) - f(without the other) + f(without both): the second difference at the whole text. Positive where each needs
 * the other, negative where one would do. Pairs of units that matter most alone come first, so that an answer which is stopped tells of
 * those.
 * @throws RangeError beyond `MOST_PAIRED_PLAYERS` players
 */
export async function* pairInteractions(game: Game, cancel: Cancel): AsyncGenerator<PairAnswer, void, undefined> {
  const { players } = game
  if (players > MOST_PAIRED_PLAYERS) throw new RangeError(`${players} players have too many pairs`)
  const full = fullCoalition(players)
  const singles = Array.from({ length: players }, (_, player) => withPlayers(full, [player], 0))
  const [output = Number.NaN, ...alone] = await game.payoffs([full, ...singles], cancel)
  const weights = alone.map((payoff) => Math.abs(output - payoff))
  const pairs = singles
    .flatMap((_, one) => Array.from({ length: players - one - 1 }, (__, offset) => [one, one + 1 + offset] as const))
    .map((pair) => ({ pair, weight: pair.reduce((product, player) => product * elementAt(weights, player), 1) }))
    .sort((one, other) => other.weight - one.weight)
    .map(({ pair }) => pair)
  const values = new Float64Array(players * players).fill(Number.NaN)
  for (let done = 0; done < pairs.length; done += GROUP) {
    const some = pairs.slice(done, done + GROUP)
    const payoffs = await game.payoffs(
      some.map((pair) => withPlayers(full, pair, 0)),
      cancel,
    )
    some.forEach(([one, other], at) => {
      const value = output - elementAt(alone, one) - elementAt(alone, other) + float64At(payoffs, at)
      values[one * players + other] = value
      values[other * players + one] = value
    })
    yield { values: values.slice(), left: Math.max(0, pairs.length - done - some.length) }
  }
  if (pairs.length === 0) yield { values, left: 0 }
}
