// What a functional makes of Walsh functions, of which every game is a sum.

import { rowAt } from '#tensor/matrix'
import { float64At } from '#tensor/vector'
import type { SymmetricFunctional } from './symmetric-functional.ts'

/** Of the game S -> product over the players of a set A of 1 for those in S and -1 for the others, by the size of A. */
export interface WalshSpectrum {
  /** [players+1], for a player in A; none is in the empty set. */
  readonly own: Float64Array
  /** [players+1], for a player outside A; none is outside all. */
  readonly other: Float64Array
}

export function walshSpectrum({ players, share }: SymmetricFunctional): WalshSpectrum {
  const means = walshMeans(players - 1)
  const sum = (factors: Float64Array, sign: 1 | -1): number =>
    factors.reduce((total, factor, size) => total + factor * (share(1, size + 1) + sign * share(0, size)), 0)
  return {
    own: Float64Array.from({ length: players + 1 }, (_, size) => (size === 0 ? 0 : sum(rowAt(means, size - 1), -1))),
    other: Float64Array.from({ length: players + 1 }, (_, size) => (size === players ? 0 : sum(rowAt(means, size), 1))),
  }
}

/**
 * [count+1] of [count+1]: by the size of A, the mean of its Walsh function over all coalitions of a size: Krawtchouk polynomials over
 * binomial coefficients, by their three-term recurrence. The upper half are those of the complement, up to the sign.
 */
function walshMeans(count: number): readonly Float64Array[] {
  const means = Array.from({ length: count + 1 }, () => new Float64Array(count + 1).fill(1))
  const at = (order: number, size: number): number => float64At(rowAt(means, order), size)
  for (const [order, row] of means.entries()) {
    for (let size = 0; order > 0 && size <= count; size++) {
      if (2 * order > count) row[size] = (count - size) % 2 === 0 ? at(count - order, size) : -at(count - order, size)
      else {
        // The recurrence's second term is absent at the first order.
        const before = order === 1 ? 0 : (order - 1) * at(order - 2, size)
        row[size] = ((2 * size - count) * at(order - 1, size) - before) / (count - order + 1)
      }
    }
  }
  return means
}
