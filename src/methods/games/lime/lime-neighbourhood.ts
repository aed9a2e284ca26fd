// The samples that LIME's authors' software draws, in the mean: how often each coalition, and what the fit to all of them is.

import { float64At } from '#tensor/vector'
import type { SymmetricFunctional } from '../gaussian-process/symmetric-functional.ts'
import { kernelWeight, PENALTY } from './lime-fit.ts'
import type { Moments } from './regression.ts'

/** What the software draws by itself. */
const SAMPLES = 5000

export interface LimeNeighbourhood {
  /** [players+1]: weight of all samples of a size together: the whole text once, and any number of units away alike often. */
  readonly sizes: Float64Array
  /** The coefficients of the ridge regression on all units. */
  readonly coefficients: SymmetricFunctional
  /** What a regression on some of the units must know. @param coefficients on all units */
  momentsOf(coefficients: Float64Array): Moments
}

export function limeNeighbourhood(players: number): LimeNeighbourhood {
  const sizes = Float64Array.from({ length: players + 1 }, (_, size) => {
    const count = size === players ? 1 : (SAMPLES - 1) / Math.max(1, players)
    return count * kernelWeight(size, players)
  })
  const sum = (of: (size: number) => number): number => sizes.reduce((total, weight, size) => total + weight * of(size), 0)
  const centre = sum((size) => size / players) / sum(() => 1)
  const total = sum(() => 1)
  const own = sum((size) => size / players) - total * centre ** 2
  const pair = players < 2 ? 0 : sum((size) => (size * (size - 1)) / (players * (players - 1))) - total * centre ** 2
  // The inverse of (own - pair + penalty) I + pair J is of the same form.
  const difference = own - pair + PENALTY
  const [ofOwn, ofAll] = [1 / difference, -pair / (difference * (difference + players * pair))]
  return {
    sizes,
    coefficients: {
      players,
      share: (inside, size) =>
        float64At(sizes, size) *
        ((inside === 1 ? size : players - size) / players) *
        (ofOwn * (inside - centre) + ofAll * (size - players * centre)),
    },
    momentsOf: (coefficients) => {
      const together = coefficients.reduce((all, one) => all + one, 0)
      return {
        products: Float64Array.from({ length: players ** 2 }, (_, at) => (at % (players + 1) === 0 ? own : pair)),
        cross: coefficients.map((one) => difference * one + pair * together),
        spread: 1,
        centre: new Float64Array(players).fill(centre),
        middle: 0,
      }
    },
  }
}
