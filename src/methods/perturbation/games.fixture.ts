// Games with known values, which count what they are asked.

import type { Coalition, TextGame } from './game.ts'
import { balanced } from './hierarchy.ts'

export interface CountedGame extends TextGame {
  /** Coalitions that were asked for, equal ones once each. */
  readonly asked: () => number
}

/** @param payoff of the players that are there */
export function gameOf(
  players: number,
  payoff: (present: readonly boolean[]) => number,
  onBatch: (size: number) => void = () => undefined,
): CountedGame {
  const known = new Map<string, number>()
  return {
    players,
    units: Array.from({ length: players }, (_, player) => [player]),
    hierarchy: balanced(Array.from({ length: players }, (_, player) => player)),
    instead: null,
    passes: () => known.size,
    known: () => 0,
    asked: () => known.size,
    payoffs: async (coalitions, cancel) => {
      onBatch(coalitions.length)
      cancel.throwIfAborted()
      return Float64Array.from(coalitions, (coalition: Coalition) => {
        const key = coalition.join('')
        const value = known.get(key) ?? payoff(Array.from(coalition, (present) => present === 1))
        known.set(key, value)
        return value
      })
    },
  }
}

/** Worth what its members are worth, and `bonus` where both of a pair are there. */
export function additive(
  weights: readonly number[],
  pair: readonly [number, number] = [0, 0],
  bonus = 0,
): (present: readonly boolean[]) => number {
  return (present) =>
    weights.reduce((sum, weight, player) => sum + (present[player] ? weight : 0), 0) + (present[pair[0]] && present[pair[1]] ? bonus : 0)
}

/** A smooth game without symmetry, whose Shapley values have no simple form. */
export function tangled(players: number): (present: readonly boolean[]) => number {
  return (present) => {
    const along = present.reduce((sum, there, player) => sum + (there ? Math.sin(1 + 1.7 * player) : 0), 0)
    const across = present.reduce((sum, there, player) => sum + (there && present[(player + 2) % players] ? Math.cos(player) : 0), 0)
    return Math.tanh(along) + 0.3 * across
  }
}
