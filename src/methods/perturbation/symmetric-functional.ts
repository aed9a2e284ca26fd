// Numbers that are read off a whole game, one a player and the same way for each: Shapley values, coefficients of a fitted line.

import { type Coalition, sizeOf } from './game.ts'

/**
 * phi_i(f) = sum over coalitions S of weight(i in S, |S|) f(S). As every player is treated alike, the weights of one coalition differ only
 * by whether the player is in it and by its size.
 */
export interface SymmetricFunctional {
  readonly players: number
  /** @param inside whether the player is in the coalition @param size of the coalition, the player counted */
  weight(inside: 0 | 1, size: number): number
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

/**
 * Of all coalitions of s others, rho^(distance to t of them) adds up to the coefficient of x^s in (rho + x)^t (1 + rho x)^(players-1-t):
 * each other player stands in a bracket, and adds a factor rho where S and T differ about it.
 */
export function kernelTables({ players, weight }: SymmetricFunctional, rho: number): KernelTables {
  const others = players - 1
  const inside = new Float64Array(players + 1)
  const outside = new Float64Array(players + 1)
  for (let size = 0; size <= others; size++) {
    const sums = product(size, others - size, rho)
    sums.forEach((sum, chosen) => {
      const [there, away] = [weight(1, chosen + 1) * sum, weight(0, chosen) * sum]
      inside[size + 1] = (inside[size + 1] ?? 0) + there + rho * away
      outside[size] = (outside[size] ?? 0) + rho * there + away
    })
  }
  const variance = product(others, 0, 0).reduce((total, _, chosen) => {
    const ways = choose(others, chosen)
    return total + ways * (weight(1, chosen + 1) * (inside[chosen + 1] ?? 0) + weight(0, chosen) * (outside[chosen] ?? 0))
  }, 0)
  return { inside, outside, variance }
}

/** [players]: of a game that is known everywhere. */
export function valuesOf(
  { players, weight }: SymmetricFunctional,
  coalitions: readonly Coalition[],
  payoffOf: (coalition: Coalition) => number,
): Float64Array {
  const values = new Float64Array(players)
  for (const coalition of coalitions) {
    const [size, payoff] = [sizeOf(coalition), payoffOf(coalition)]
    coalition.forEach((present, player) => {
      values[player] = (values[player] ?? 0) + weight(present === 1 ? 1 : 0, size) * payoff
    })
  }
  return values
}

export function trendValues({ players, weight }: SymmetricFunctional): TrendValues {
  let [everywhere, own, other] = [0, 0, 0]
  for (let chosen = 0; chosen < players; chosen++) {
    const [there, away] = [weight(1, chosen + 1), weight(0, chosen)]
    everywhere += choose(players - 1, chosen) * (there + away)
    own += choose(players - 1, chosen) * there
    other += choose(players - 2, chosen - 1) * (there + away)
  }
  return { everywhere, own, other }
}

/** Coefficients of (rho + x)^near (1 + rho x)^far, from x^0. */
function product(near: number, far: number, rho: number): Float64Array {
  const coefficients = new Float64Array(near + far + 1)
  coefficients[0] = 1
  for (let factor = 0; factor < near + far; factor++) {
    const [constant, linear] = factor < near ? [rho, 1] : [1, rho]
    for (let power = factor + 1; power >= 0; power--) {
      coefficients[power] = constant * (coefficients[power] ?? 0) + linear * (power === 0 ? 0 : (coefficients[power - 1] ?? 0))
    }
  }
  return coefficients
}

/** Binomial coefficient; 0 outside the triangle. */
export function choose(of: number, taken: number): number {
  if (taken < 0 || taken > of) return 0
  let ways = 1
  for (let step = 1; step <= Math.min(taken, of - taken); step++) ways *= (of - step + 1) / step
  return ways
}
