// When an interpolation knows enough, and how many payoffs that may still take.

import { l2Norm, largestMagnitude } from '#tensor/vector'
import { samplesFor } from '../../sample-mean.ts'
import type { InterpolatedValues } from './gaussian-process.ts'

/** Payoffs in a step, while few are known. */
export const GROUP = 16
/** Payoffs from twice which on there are more in a step: each answer takes longer than the one before, and tells less that is new. */
const FEW = 256
/** Enough when the errors together are this share of the values together, by Euclidean length. */
const TOLERANCE = 0.05
/** Or this share of the largest payoff: of a game that nobody changes no share of the values is large enough. */
const ROUNDING = 1e-6
/** Or this, where all payoffs are zero: what is less is rounding. */
const NOTHING = 1e-12
/** Coalitions that are no more than these are all asked: half of them would be needed, and would not know how far they are off. */
const ALL = 256

export interface Need {
  /** For each player: fewer, most of them close to the ends, say too little of what lies between. */
  readonly each: number
  /** At most, where that is enough for each player. */
  readonly most: number
}

export interface StoppingRule {
  readonly most: number
  /**
   * Payoffs that are still expected; 0 when it is enough.
   * @param found null where there is no answer yet
   * @param payoffs so far
   */
  left(found: InterpolatedValues | null, payoffs: readonly number[]): number
}

/** Payoffs until the next answer. */
export function stepAfter(done: number): number {
  return GROUP * Math.max(1, Math.floor(done / FEW))
}

export function stoppingRule(players: number, { each, most: usual }: Need): StoppingRule {
  const all = 2 ** players
  const most = Math.min(Math.max(usual, each * players), all)
  const least = all <= ALL ? all : each * players
  let wasSure = false
  return {
    most,
    left: (found, payoffs) => {
      const done = payoffs.length
      const [error, allowed] =
        found === null
          ? [1, 0]
          : [l2Norm(found.errors), Math.max(TOLERANCE * l2Norm(found.values), ROUNDING * largestMagnitude(payoffs), NOTHING)]
      const isSure = error <= allowed && done >= least
      // Twice in a row: the error is itself an estimate.
      const isEnough = done >= most || (isSure && wasSure)
      wasSure = isSure
      return isEnough ? 0 : Math.min(most, Math.max(least, samplesFor({ done, error, allowed, step: GROUP, most }))) - done
    },
  }
}
