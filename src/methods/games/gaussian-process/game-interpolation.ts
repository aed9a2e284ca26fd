// A game that is known at some coalitions only, told at all others: what its functionals are, and how sure that is.

import type { Steps } from '#tensor/slices'
import { elementAt, float64At } from '#tensor/vector'
import type { Coalition } from '../game.ts'
import { createCalibration } from './calibration.ts'
import { createKernelProcess, type Fit, type InterpolatedValues, type KernelProcess } from './gaussian-process.ts'
import { type ArdParameters, ardKernel, isotropicKernel } from './kernel.ts'
import { fitArdParameters } from './length-scale-fit.ts'
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
  /** Of candidates that are not known, those that would tell most, by what the last answer was told from; the first while there was none. */
  selectInformative(candidates: readonly Coalition[], wanted: number): Steps<readonly Coalition[]>
}

/** Inverse squared length scales of all players together; candidates are averaged with their likelihoods as weights. */
const TOTAL_INVERSE_SCALES = [1, 2, 4, 8, 16, 32] as const
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
/** Players that may each have a length scale of their own: for more, the fit takes longer than it saves. */
const MOST_ARD_PLAYERS = 64
/** Payoffs from which on it is looked for, each time they have grown by a factor, by no more than so many of them. */
const FITTED = { each: 2.5, beside: 10, growth: 1.4, most: 384 }
/** Where the search begins. */
const FIRST_WHITE_NOISE_SHARE = 0.02

/**
 * Universal kriging (Matheron, 1969): the payoffs are a linear trend plus a Gaussian process whose correlation is rho^|S xor T|, the
 * diffusion kernel of the hypercube (Kondor & Lafferty, 2002, "Diffusion kernels on graphs and other discrete input spaces"). A functional
 * of it is again Gaussian, with a mean and a variance in closed form: Bayesian quadrature (O'Hagan, 1991). Each rho counts by its
 * restricted likelihood, as all are alike before; as soon as more is known, each player gets the rho that is likeliest (`fitArdParameters`).
 * Errors grow where answers have moved more than they said (see `createCalibration`).
 * A game that is a line is told exactly, and so is one of which all is known.
 */
export function createGameInterpolation(functional: SymmetricFunctional): GameInterpolation {
  const { players } = functional
  const trend = trendValues(functional)
  const settled = Math.min(SETTLED.each * players, 2 * players + SETTLED.beyond)
  const calibrate = createCalibration()
  let models: readonly Model[] = TOTAL_INVERSE_SCALES.map((total) => ({
    ardParameters: { inverseSquaredScales: new Float64Array(players).fill(total / players), whiteNoiseShare: FIRST_WHITE_NOISE_SHARE },
    isRefined: false,
    process: createKernelProcess(isotropicKernel(functional, Math.exp(-total / players)), trend),
  }))
  let nextFit = players > MOST_ARD_PLAYERS ? Number.POSITIVE_INFINITY : Math.ceil(FITTED.each * players) + FITTED.beside
  let latest: Fit | null = null
  const known: Coalition[] = []
  const payoffs: number[] = []
  const byKey = new Map<string, number>()
  const payoffOf = (coalition: Coalition): number => byKey.get(coalition.join('')) ?? Number.NaN
  /** Of the known ones, those that the processes know. */
  let learnt = 0
  function* learn(): Steps<void> {
    while (learnt < known.length) {
      const some = known.slice(learnt, learnt + BLOCK)
      const told = payoffs.slice(learnt, learnt + BLOCK)
      for (const { process } of models) yield* process.add(some, told)
      learnt += some.length
    }
  }
  function* fitAll(least: number): Steps<readonly (Model & { readonly fit: Fit })[]> {
    yield* learn()
    const fits = []
    for (const model of models) fits.push({ ...model, fit: yield* model.process.fit(least) })
    return fits
  }
  /** With a length scale for each player, fitted by maximum likelihood. */
  function* refined({ ardParameters: start }: Model, least: number): Steps<Model> {
    const every = Math.max(1, known.length / FITTED.most)
    const some = Array.from(known.keys()).filter((at) => Math.floor(at / every) !== Math.floor((at - 1) / every))
    const ardParameters = yield* fitArdParameters(
      some.map((at) => elementAt(known, at)),
      Float64Array.from(some, (at) => elementAt(payoffs, at)),
      start,
      least,
    )
    return { ardParameters, isRefined: true, process: createKernelProcess(ardKernel(functional, ardParameters), trend) }
  }
  return {
    known,
    payoffs,
    payoffOf,
    add: (coalitions, added) => {
      for (const [at, coalition] of coalitions.entries()) {
        const [key, payoff] = [coalition.join(''), elementAt(added, at)]
        if (byKey.has(key)) continue
        byKey.set(key, payoff)
        known.push(coalition)
        payoffs.push(payoff)
      }
    },
    has: (coalition) => byKey.has(coalition.join('')),
    *answer() {
      if (known.length === 2 ** players) return { values: valuesOf(functional, known, payoffOf), errors: new Float64Array(players) }
      latest = null
      if (known.length < players + 3) return null
      const least = leastVariance(payoffs)
      if (known.length >= nextFit) {
        const [only] = models
        models = [yield* refined(only?.isRefined ? only : likeliest(yield* fitAll(least)), least)]
        nextFit = FITTED.growth * known.length
        learnt = 0
      }
      const fits = yield* fitAll(least)
      latest = likeliest(fits).fit
      const best = latest.likelihood
      // Close to nobody and all every game is much like a line, and tells little of its length scales: none is given up early.
      if (known.length >= settled) models = fits.filter(({ fit }) => !(fit.likelihood < best - UNLIKELY))
      const answers = []
      for (const { fit } of fits) {
        if (!(fit.likelihood < best - UNHEARD)) answers.push({ share: Math.exp(fit.likelihood - best), ...(yield* fit.answer()) })
      }
      const { values, errors } = mixed(answers)
      const unsure = models.some(({ isRefined }) => isRefined) ? unsureOf(known.length, players) : 1
      return calibrate({ values, errors: errors.map((error) => unsure * error) })
    },
    *selectInformative(candidates, wanted) {
      return latest === null ? candidates.slice(0, wanted) : yield* latest.selectInformative(candidates, wanted)
    },
  }
}

function likeliest<Fitted extends { readonly fit: Fit }>(fits: readonly Fitted[]): Fitted {
  return fits.reduce((one, other) => (other.fit.likelihood > one.fit.likelihood ? other : one))
}

interface Model {
  readonly ardParameters: ArdParameters
  /** Whether that was told from the payoffs. */
  readonly isRefined: boolean
  readonly process: KernelProcess
}

function leastVariance(payoffs: readonly number[]): number {
  const { ofVariance, ofSize, ofAll } = LEAST_VARIANCE
  const mean = payoffs.reduce((sum, payoff) => sum + payoff, 0) / payoffs.length
  const spread = payoffs.reduce((sum, payoff) => sum + (payoff - mean) ** 2, 0) / payoffs.length
  return Math.max(ofVariance * spread, ofSize * mean ** 2, ofAll)
}

/**
 * A length scale that is fitted to the same payoffs takes from what errors are told from, as a term of the trend does; of games that models
 * play, twice as much.
 */
function unsureOf(known: number, players: number): number {
  const free = known - players - 1
  return Math.sqrt(free / Math.max(free - 2 * (players + 1), players / 2))
}

/** Mean and deviation of the mixture of normal distributions. */
function mixed(answers: readonly (InterpolatedValues & { readonly share: number })[]): InterpolatedValues {
  const total = answers.reduce((sum, { share }) => sum + share, 0)
  const meanOf = (of: (answer: InterpolatedValues) => number): number =>
    answers.reduce((sum, answer) => sum + (answer.share / total) * of(answer), 0)
  const values = elementAt(answers, 0).values.map((_, player) => meanOf((one) => float64At(one.values, player)))
  const errors = values.map((value, player) =>
    Math.sqrt(meanOf((one) => float64At(one.errors, player) ** 2 + (float64At(one.values, player) - value) ** 2)),
  )
  return { values, errors }
}
