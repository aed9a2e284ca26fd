// A game that is known at some coalitions only, told at all others: what its functionals are, and how sure that is.

import { createCalibration } from './calibration.ts'
import type { Coalition } from './game.ts'
import { createKernelProcess, type InterpolatedValues } from './kernel-process.ts'
import type { Steps } from './slices.ts'
import { type SymmetricFunctional, trendValues, valuesOf } from './symmetric-functional.ts'

export interface GameInterpolation {
  /** Coalitions whose payoffs are known, in the order in which they were told, each once. */
  readonly known: readonly Coalition[]
  /** In the same order. */
  readonly payoffs: readonly number[]
  add(coalitions: readonly Coalition[], payoffs: ArrayLike<number>): void
  has(coalition: Coalition): boolean
  /** NaN where not known. */
  payoffOf(coalition: Coalition): number
  /** null while fewer are known than a line takes. Here all is worked out: seconds, where many are known of many players. */
  answer(): Steps<InterpolatedValues | null>
}

/** How fast games are taken to change, as exp(-roughness / players) for each player that comes or goes: the likelier, the more it counts. */
const ROUGHNESS = [1, 2, 4, 8, 16, 32] as const
/** Logarithm of how much likelier another one must be for one to be given up. */
const UNLIKELY = 20
/** Payoffs from which on some are given up: so many for each player, or, of many players, so many beyond the ends. */
const SETTLED = { each: 6, beyond: 128 }
/** Variance that a game has at least, beside that of its payoffs and beside their size: a few roundings of float32, not to be sure of ties. */
const LEAST_VARIANCE = { ofVariance: 1e-12, ofSize: 1e-14, ofAll: 1e-20 }
/** Payoffs that processes are told at once. */
const BLOCK = 4
/** The same for one not to be heard: it would weigh less than a thousandth. */
const UNHEARD = 7

/**
 * Universal kriging (Matheron, 1969): the payoffs are a linear trend plus a Gaussian process whose correlation is rho^|S xor T|, the
 * diffusion kernel of the hypercube (Kondor & Lafferty, 2002, "Diffusion kernels on graphs and other discrete input spaces"). A functional
 * of it is again Gaussian, with a mean and a variance in closed form: Bayesian quadrature (O'Hagan, 1991). Each rho counts by its
 * restricted likelihood, as all are alike before. Errors grow where answers have moved more than they said (see `createCalibration`).
 * A game that is a line is told exactly, and so is one of which all is known.
 */
export function createGameInterpolation(functional: SymmetricFunctional): GameInterpolation {
  const { players } = functional
  const trend = trendValues(functional)
  const settled = Math.min(SETTLED.each * players, 2 * players + SETTLED.beyond)
  const calibrate = createCalibration()
  let processes = ROUGHNESS.map((roughness) => createKernelProcess(functional, Math.exp(-roughness / players), trend))
  const known: Coalition[] = []
  const payoffs: number[] = []
  const byKey = new Map<string, number>()
  const payoffOf = (coalition: Coalition): number => byKey.get(coalition.join('')) ?? Number.NaN
  /** Of the known ones, those that the processes know. */
  let learnt = 0
  function* learn(): Steps<void> {
    while (learnt < known.length) {
      const some = known.slice(learnt, learnt + BLOCK)
      const distances = some.map((coalition, at) => distancesFrom(coalition, known, learnt + at))
      yield some.length * learnt * players
      const told = payoffs.slice(learnt, learnt + BLOCK)
      for (const process of processes) yield* process.add(some, told, distances)
      learnt += some.length
    }
  }
  return {
    known,
    payoffs,
    payoffOf,
    add: (coalitions, added) => {
      for (const [at, coalition] of coalitions.entries()) {
        const [key, payoff] = [coalition.join(''), added[at] ?? Number.NaN]
        if (byKey.has(key)) continue
        byKey.set(key, payoff)
        known.push(coalition)
        payoffs.push(payoff)
      }
    },
    has: (coalition) => byKey.has(coalition.join('')),
    *answer() {
      if (known.length === 2 ** players) return { values: valuesOf(functional, known, payoffOf), errors: new Float64Array(players) }
      if (known.length < players + 3) return null
      yield* learn()
      const least = leastVariance(payoffs)
      const fits = []
      for (const process of processes) fits.push({ process, ...(yield* process.fit(least)) })
      const best = Math.max(...fits.map(({ likelihood }) => likelihood))
      // Close to nobody and all every game is much like a line, and tells little of its roughness: none is given up early.
      if (known.length >= settled) {
        processes = fits.filter(({ likelihood }) => !(likelihood < best - UNLIKELY)).map(({ process }) => process)
      }
      const answers = []
      for (const { likelihood, answer } of fits) {
        if (!(likelihood < best - UNHEARD)) answers.push({ share: Math.exp(likelihood - best), ...(yield* answer()) })
      }
      return calibrate(mixed(answers))
    },
  }
}

function leastVariance(payoffs: readonly number[]): number {
  const { ofVariance, ofSize, ofAll } = LEAST_VARIANCE
  const mean = payoffs.reduce((sum, payoff) => sum + payoff, 0) / payoffs.length
  const spread = payoffs.reduce((sum, payoff) => sum + (payoff - mean) ** 2, 0) / payoffs.length
  return Math.max(ofVariance * spread, ofSize * mean ** 2, ofAll)
}

/** Mean and deviation of the mixture of normal distributions. */
function mixed(answers: readonly (InterpolatedValues & { readonly share: number })[]): InterpolatedValues {
  const total = answers.reduce((sum, { share }) => sum + share, 0)
  const meanOf = (of: (answer: InterpolatedValues) => number): number =>
    answers.reduce((sum, answer) => sum + (answer.share / total) * of(answer), 0)
  const values = (answers[0]?.values ?? new Float64Array()).map((_, player) => meanOf((one) => one.values[player] ?? Number.NaN))
  const errors = values.map((value, player) =>
    Math.sqrt(meanOf((one) => (one.errors[player] ?? Number.NaN) ** 2 + ((one.values[player] ?? Number.NaN) - value) ** 2)),
  )
  return { values, errors }
}

/** [count]: players about which a coalition and each of the first ones differ. */
function distancesFrom(coalition: Coalition, others: readonly Coalition[], count: number): Uint16Array {
  const distances = new Uint16Array(count)
  for (let at = 0; at < count; at++) {
    const other = others[at] ?? coalition
    let far = 0
    for (let player = 0; player < coalition.length; player++) far += (coalition[player] ?? 0) ^ (other[player] ?? 0)
    distances[at] = far
  }
  return distances
}
