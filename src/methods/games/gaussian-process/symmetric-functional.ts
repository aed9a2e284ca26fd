// Numbers that are read off a whole game, one a player and the same way for each: Shapley values, coefficients of a fitted line.

import { float64At } from '#tensor/vector'
import { type Coalition, sizeOf } from '../game.ts'

/**
 * phi_i(f) = sum over coalitions S of a weight times f(S). As every player is treated alike, the weights of one coalition differ only by
 * whether the player is in it and by its size.
 */
export interface SymmetricFunctional {
  readonly players: number
  /**
   * Weight of all coalitions of a size together, of those that the player is in, or is not in. Of each alone it would be out of a
   * number's range where players are many.
   * @param size of the coalition, the player counted
   */
  share(inside: 0 | 1, size: number): number
}

/** What a functional makes of the game S -> rho^|S xor T|, one value for players in T and one for the others, by the size of T. */
export interface KernelTables {
  /** [players+1], of T's size, for a player in T; 0 is meaningless. */
  readonly inside: Float64Array
  /** The same for a player outside T. */
  readonly outside: Float64Array
  /** The functional of these tables, read as a game of T themselves: the variance of phi_i where the kernel is that of a random game. */
  readonly variance: number
}

/** Of the game that is 1 everywhere, of the one that is 1 where the player itself is, and where another one is. */
export interface TrendValues {
  readonly everywhere: number
  readonly own: number
  readonly other: number
}

export function kernelTables({ players, share }: SymmetricFunctional, rho: number): KernelTables {
  const there = sumsAround(
    Float64Array.from({ length: players }, (_, chosen) => share(1, chosen + 1)),
    rho,
  )
  const away = sumsAround(
    Float64Array.from({ length: players }, (_, chosen) => share(0, chosen)),
    rho,
  )
  const inside = new Float64Array(players + 1)
  const outside = new Float64Array(players + 1)
  let variance = 0
  for (let size = 0; size < players; size++) {
    const [sumThere, sumAway] = [float64At(there, size), float64At(away, size)]
    inside[size + 1] = sumThere + rho * sumAway
    outside[size] = rho * sumThere + sumAway
    variance += share(1, size + 1) * float64At(inside, size + 1) + share(0, size) * float64At(outside, size)
  }
  return { inside, outside, variance }
}

/**
 * For each t the mean of rho^(distance to t of the others) over the coalitions of s others, times the share of s, over all s. All those of
 * s add up to the coefficient of x^s in (rho + x)^t (1 + rho x)^(others-t): each other player stands in a bracket, and adds a factor rho
 * where two coalitions differ about it. As 1 + rho x = (1 - rho^2) + rho (rho + x), the powers of rho + x alone tell the rest, and
 * nothing is subtracted.
 * @param shares [others+1]
 */
function sumsAround(shares: Float64Array, rho: number): Float64Array {
  const others = shares.length - 1
  const sums = shares.map((_, power) => {
    let [total, ratio] = [0, rho ** power]
    // The coefficient of (rho + x)^power over the number of coalitions.
    for (let chosen = 0; chosen <= power; chosen++) {
      total += float64At(shares, chosen) * ratio
      ratio *= (power - chosen) / (others - chosen) / rho
    }
    return total
  })
  for (let factor = 1; factor <= others; factor++) {
    for (let near = 0; near <= others - factor; near++)
      sums[near] = (1 - rho ** 2) * float64At(sums, near) + rho * float64At(sums, near + 1)
  }
  return sums
}

/** [players]: of a game that is known everywhere. */
export function valuesOf(
  { players, share }: SymmetricFunctional,
  coalitions: readonly Coalition[],
  payoffOf: (coalition: Coalition) => number,
): Float64Array {
  const values = new Float64Array(players)
  for (const coalition of coalitions) {
    const [size, payoff] = [sizeOf(coalition), payoffOf(coalition)]
    const inside = (share(1, size) / choose(players - 1, size - 1)) * payoff
    const outside = (share(0, size) / choose(players - 1, size)) * payoff
    coalition.forEach((present, player) => {
      values[player] = float64At(values, player) + (present === 1 ? inside : outside)
    })
  }
  return values
}

export function trendValues({ players, share }: SymmetricFunctional): TrendValues {
  let [everywhere, own, other] = [0, 0, 0]
  for (let chosen = 0; chosen < players; chosen++) {
    const [there, away] = [share(1, chosen + 1), share(0, chosen)]
    everywhere += there + away
    own += there
    other += (chosen / Math.max(1, players - 1)) * (there + away)
  }
  return { everywhere, own, other }
}

/** Binomial coefficient; 0 outside the triangle. */
export function choose(of: number, taken: number): number {
  if (taken < 0 || taken > of) return 0
  let ways = 1
  for (let step = 1; step <= Math.min(taken, of - taken); step++) ways *= (of - step + 1) / step
  return ways
}
