// How alike games are taken to be at two coalitions, and what functionals make of that.

import { float64At } from '#tensor/vector'
import { type Coalition, sizeOf } from '../game.ts'
import { choose, kernelTables, type SymmetricFunctional } from './symmetric-functional.ts'
import { type WalshSpectrum, walshSpectrum } from './walsh-spectrum.ts'

/** A local name: where modules are not bundled, inner loops call an import at half the speed. */
const element = float64At

/** A correlation between the payoffs of coalitions, 1 of one with itself. */
export interface Kernel {
  /** With each of some others. */
  correlations(coalition: Coalition, others: readonly Coalition[]): Float64Array
  /** [players]: the functional of the correlation with a coalition, as a game. */
  functionals(coalition: Coalition): Float64Array
  /** [players]: of the functional of a random game that has these correlations. */
  readonly variances: Float64Array
}

/** How fast a game changes with each of its players. */
export interface ArdParameters {
  /** [players]: the correlation is multiplied by exp(-inverseSquaredScales[i]) where a player comes or goes. */
  readonly inverseSquaredScales: Float64Array
  /** The share of the variance that each coalition has by itself. */
  readonly whiteNoiseShare: number
}

/** The diffusion kernel of the hypercube (Kondor & Lafferty, 2002, "Diffusion kernels on graphs and other discrete input spaces"): rho^|S xor T|. */
export function isotropicKernel(functional: SymmetricFunctional, rho: number): Kernel {
  const { players } = functional
  const { inside, outside, variance } = kernelTables(functional, rho)
  const powers = Float64Array.from({ length: players + 1 }, (_, far) => rho ** far)
  return {
    correlations: (coalition, others) => Float64Array.from(others, (other) => element(powers, distance(coalition, other))),
    functionals: (coalition) => {
      const size = sizeOf(coalition)
      return Float64Array.from(coalition, (present) => element(present === 1 ? inside : outside, size))
    },
    variances: new Float64Array(players).fill(variance),
  }
}

/**
 * The same with a rho for each player, and with variance that no other coalition shares. As a sum over Walsh functions, of a set A, each
 * player brings the factor (1 - rho)/2 where it is in A and (1 + rho)/2 where not; a symmetric functional knows nothing of A but its size.
 */
export function ardKernel(functional: SymmetricFunctional, { inverseSquaredScales, whiteNoiseShare }: ArdParameters): Kernel {
  const { players, share } = functional
  const { own, other } = walshSpectrum(functional)
  const [within, without] = [
    inverseSquaredScales.map((one) => (1 - Math.exp(-one)) / 2),
    inverseSquaredScales.map((one) => (1 + Math.exp(-one)) / 2),
  ]
  /** Sums over all sets A: of the squares of the functional, or of it times the Walsh function at a coalition. */
  const summed = (spectrum: WalshSpectrum, factors: Float64Array): Float64Array => {
    const all = productOf(without, factors)
    return factors.map((factor, player) => {
      const still = element(without, player)
      let [rest, total] = [0, 0]
      for (let size = 0; size < players; size++) {
        // The product without this player, by division: as |factor| < still, roundings fade.
        rest = (element(all, size) - factor * rest) / still
        total += rest * (factor * element(spectrum.own, size + 1) + still * element(spectrum.other, size))
      }
      return total
    })
  }
  const squared = { own: own.map((one) => one ** 2), other: other.map((one) => one ** 2) }
  const alone = (inside: 0 | 1, size: number): number => share(inside, size) / choose(players - 1, size - inside)
  const aloneSquared = Array.from(
    { length: players },
    (_, size) => share(1, size + 1) * alone(1, size + 1) + share(0, size) * alone(0, size),
  ).reduce((sum, one) => sum + one, 0)
  return {
    correlations: (coalition, others) =>
      Float64Array.from(others, (one) => (1 - whiteNoiseShare) * Math.exp(-path(coalition, one, inverseSquaredScales))),
    functionals: (coalition) => {
      const size = sizeOf(coalition)
      const [there, away] = [size > 0 ? alone(1, size) : 0, size < players ? alone(0, size) : 0]
      const shared = summed(
        { own, other },
        within.map((one, player) => (coalition[player] === 1 ? one : -one)),
      )
      return shared.map((one, player) => (1 - whiteNoiseShare) * one + whiteNoiseShare * (coalition[player] === 1 ? there : away))
    },
    variances: summed(squared, within).map((one) => (1 - whiteNoiseShare) * one + whiteNoiseShare * aloneSquared),
  }
}

/** Sum of the inverse squared length scales of the players on which two coalitions differ: their ARD distance. */
export function path(one: Coalition, other: Coalition, inverseSquaredScales: Float64Array): number {
  let length = 0
  for (let player = 0; player < one.length; player++) if (one[player] !== other[player]) length += element(inverseSquaredScales, player)
  return length
}

function distance(one: Coalition, other: Coalition): number {
  let far = 0
  for (let player = 0; player < one.length; player++) far += one[player] === other[player] ? 0 : 1
  return far
}

/** [players+1]: coefficients of the product of all constant + linear x, from x^0. */
function productOf(constants: Float64Array, linears: Float64Array): Float64Array {
  const coefficients = new Float64Array(constants.length + 1)
  coefficients[0] = 1
  for (const [factor, constant] of constants.entries()) {
    const linear = element(linears, factor)
    for (let power = factor + 1; power >= 0; power--) {
      coefficients[power] = constant * element(coefficients, power) + (power === 0 ? 0 : linear * element(coefficients, power - 1))
    }
  }
  return coefficients
}
