// Games with known values, which count what they are asked.

import { normalNumbers, randomNumbers } from '#tensor/random'
import type { Cancel } from '../cancel.ts'
import type { Coalition, Game, GameAnswer, GameMethod, TokenGame } from './game.ts'
import { balanced } from './hierarchy.ts'

/** Nobody cancels. */
const NEVER: Cancel = { aborted: false, throwIfAborted: () => undefined }

export interface CountedGame extends TokenGame {
  /** Coalitions that were asked for, equal ones once each. */
  readonly asked: () => number
}

/** @param payoff of the players that are there */
export function gameOf(
  players: number,
  payoff: (present: readonly boolean[]) => number,
  onBatch: (size: number) => void = () => undefined,
  onPause: () => void = () => undefined,
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
    keptFirst: () => false,
    pause: async (cancel) => {
      onPause()
      cancel.throwIfAborted()
    },
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

/** By the bits of their numbers, the first player lowest. */
export function allCoalitions(players: number): readonly Coalition[] {
  return Array.from({ length: 2 ** players }, (_, subset) => Uint8Array.from({ length: players }, (__, player) => (subset >> player) & 1))
}

/** What a method says of a game in the end. */
export async function lastAnswer(method: GameMethod, game: Game): Promise<GameAnswer> {
  let last: GameAnswer | null = null
  for await (const answer of method(game, NEVER)) last = answer
  if (last === null) throw new Error('no answer')
  return last
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

export const RANDOM_GAMES = ['additive', 'pairs', 'triples', 'line and triples', 'multilinear', 'noisy maximum'] as const

/** A game of a kind: sums of products of the presence of one, two, three or any few players, or the largest weight with noise. */
export function randomGame(kind: (typeof RANDOM_GAMES)[number], players: number, seed: number): (present: readonly boolean[]) => number {
  const [normal, random] = [normalNumbers(seed), randomNumbers(seed)]
  const products = (size: number, count = players): ((present: readonly boolean[]) => number) => {
    const terms = Array.from({ length: count }, () => {
      const members = new Set<number>()
      while (members.size < size) members.add(Math.floor(random() * players))
      return { members: Array.from(members), weight: normal() }
    })
    return (present) => terms.reduce((sum, { members, weight }) => sum + (members.every((member) => present[member]) ? weight : 0), 0)
  }
  const sumOf =
    (...games: readonly ((present: readonly boolean[]) => number)[]): ((present: readonly boolean[]) => number) =>
    (present) =>
      games.reduce((sum, game) => sum + game(present), 0)
  switch (kind) {
    case 'additive':
      return products(1)
    case 'pairs':
      return sumOf(products(1), products(2))
    case 'triples':
      return products(3)
    case 'line and triples':
      return sumOf(products(1), products(3))
    case 'multilinear':
      return sumOf(...[1, 2, 3, 4, 5].map((size) => products(size)))
    case 'noisy maximum': {
      const weights = Array.from({ length: players }, () => Math.abs(normal()))
      const noise = Float64Array.from({ length: 2 ** players }, () => 0.05 * normal())
      return (present) =>
        Math.max(0, ...weights.filter((_, player) => present[player])) +
        (noise[present.reduce((subset, there, player) => subset | (Number(there) << player), 0)] ?? 0)
    }
  }
}
