// Perturbation as a game: units of the text are players, a coalition keeps some of them, and its payoff is the target's number.

import type { Surrogate, TakenAway } from '../attribution.ts'
import type { Cancel } from '../cancel.ts'
import type { Hierarchy } from './hierarchy.ts'

/** [players]: 1 for a unit that stays, 0 for one that is taken away. */
export type Coalition = Uint8Array

export interface Game {
  readonly players: number
  /**
   * In the order of the coalitions. Equal ones, asked for now or before, cost one pass together.
   * @throws where the model fails, or `cancel`'s reason
   */
  payoffs(coalitions: readonly Coalition[], cancel: Cancel): Promise<Float64Array>
  /** Passes that the payoffs so far are made of. */
  passes(): number
  /** Lets others in, for methods that calculate for long between two passes. @throws `cancel`'s reason */
  pause(cancel: Cancel): Promise<void>
}

/** A game whose players are units of a text. */
export interface TokenGame extends Game {
  /** Of each player; tokens that are in none always stay. */
  readonly units: readonly (readonly number[])[]
  /** Units in words, words in sentences. */
  readonly hierarchy: Hierarchy
  readonly instead: TakenAway['instead']
  /** Of the passes, those that were made before this game. */
  known(): number
  /** Whether nobody was asked about, and the first token had to stay, as a text without any token cannot be run. */
  keptFirst(): boolean
}

export function fullCoalition(players: number): Coalition {
  return new Uint8Array(players).fill(1)
}

/** Players that are there. */
export function sizeOf(coalition: Coalition): number {
  return coalition.reduce((sum, present) => sum + present, 0)
}

/** A coalition with one player, or some, put in or taken out. */
export function withPlayers(coalition: Coalition, players: Iterable<number>, present: 0 | 1): Coalition {
  const changed = coalition.slice()
  for (const player of players) changed[player] = present
  return changed
}

/** What a method knows of a game so far. */
export interface GameAnswer {
  /** [players] */
  readonly values: Float64Array
  /** [players]: standard errors; null where the values are exact. */
  readonly errors: Float64Array | null
  /** What the values should add up to, where the method promises it; else null. */
  readonly expectedSum: number | null
  /** Payoff of all players. */
  readonly output: number
  /** Passes that are still expected; 0 when done. */
  readonly left: number
  /** Numbers about the answer by name, such as how well a surrogate fits. */
  readonly figures?: Readonly<Record<string, number>>
  /** The linear model of the samples so far, for methods that fit one. */
  readonly surrogate?: Omit<Surrogate, 'units'>
}

export type GameMethod = (game: Game, cancel: Cancel) => AsyncGenerator<GameAnswer, void, undefined>
