// A linear model of which units are there, fitted to texts close to the given one.

import { normalNumbers, randomNumbers } from '#tensor/random'
import { rankCorrelation } from '#tensor/rank-correlation'
import { inSlices } from '#tensor/slices'
import { elementAt, float64At, largestMagnitude } from '#tensor/vector'
import { type Coalition, fullCoalition, type GameAnswer, type GameMethod, sizeOf, withPlayers } from '../game.ts'
import { coalitionDraw, nextCoalitions } from '../gaussian-process/coalition-sampler.ts'
import { createGameInterpolation, type GameInterpolation } from '../gaussian-process/game-interpolation.ts'
import type { InterpolatedValues } from '../gaussian-process/gaussian-process.ts'
import { GROUP, stepAfter, stoppingRule } from '../gaussian-process/stopping-rule.ts'
import { kernelWeight, sparseRidge } from './lime-fit.ts'
import { type LimeNeighbourhood, limeNeighbourhood } from './lime-neighbourhood.ts'

const SEED = 1
/** The text and its nearest neighbours are a quarter of the least. */
const NEED = { each: 4, most: 500 }
/** Of the largest output, and of the largest coefficient: what is no difference. */
const ROUNDING = 1e-6
const EQUAL = 0.01
/** An output that is no larger counts as none. */
const SMALL = 1e-3
/** Pairs of answers that stability is told from. */
const ANSWERS = 20

/**
 * Ribeiro et al. (2016), "Why should I trust you?": ridge regression on the presence of units, samples weighted by their likeness to the
 * whole text. The fit is that of the software's 5,000 samples in the mean, with the payoffs of samples that are not run told from those
 * that are (see `createGameInterpolation`), and the standard deviations of the coefficients on all units as errors. `figures`: r2, how much of the target's variance near
 * the text is linear, over what was run; stability, the mean rank correlation that two such answers from other samples would have. Values
 * are NaN until there are enough samples. The same at every run.
 * @param features units that may have a coefficient; 0 for all
 */
export function lime(features: number): GameMethod {
  return async function* (game, cancel) {
    const { players } = game
    const neighbourhood = limeNeighbourhood(players)
    const interpolation = createGameInterpolation(neighbourhood.coefficients)
    const full = fullCoalition(players)
    const draw = coalitionDraw(neighbourhood.sizes, randomNumbers(SEED))
    const { most, left: leftAfter } = stoppingRule(players, NEED)
    /** The text, what is closest to it and what is furthest from it. */
    const first = [full, ...Array.from(full.keys(), (player) => withPlayers(full, [player], 0)), new Uint8Array(players)]
    let samples: readonly Coalition[] = first.slice(0, GROUP)
    for (let asked = GROUP; samples.length > 0; asked += GROUP) {
      interpolation.add(samples, await game.payoffs(samples, cancel))
      const done = interpolation.known.length
      const found = await inSlices(interpolation.answer(), () => game.pause(cancel))
      const expected = leftAfter(found, interpolation.payoffs)
      const rest = first.slice(asked, asked + GROUP)
      const next = nextCoalitions(Math.min(stepAfter(done), most - done), interpolation, () => [draw()], draw)
      samples = expected === 0 ? [] : rest.length > 0 ? rest : await inSlices(next, () => game.pause(cancel))
      const about = { expectedSum: null, output: interpolation.payoffOf(full), left: expected }
      if (found === null) yield { values: new Float64Array(players).fill(Number.NaN), errors: null, ...about }
      else yield { ...about, ...answerOf(found, interpolation, neighbourhood, features) }
    }
  }
}

function answerOf(
  { values, errors }: InterpolatedValues,
  { known, payoffs: outputs }: GameInterpolation,
  { sizes, momentsOf }: LimeNeighbourhood,
  features: number,
): Pick<GameAnswer, 'values' | 'errors' | 'figures' | 'surrogate'> {
  const coefficients = features === 0 ? values : sparseRidge(momentsOf(values), features).coefficients
  const isUsed = coefficients.map((one) => (one === 0 ? 0 : 1))
  const counts = new Float64Array(sizes.length)
  const ofSizes = known.map(sizeOf)
  for (const size of ofSizes) counts[size] = float64At(counts, size) + 1
  // Those that were run stand for all of their size.
  const shares = ofSizes.map((size) => float64At(sizes, size) / float64At(counts, size))
  const sloped = known.map((sample) => sample.reduce((sum, present, player) => sum + present * float64At(coefficients, player), 0))
  const intercept = weightedMean(
    outputs.map((output, at) => output - elementAt(sloped, at)),
    shares,
  )
  const fitted = sloped.map((slope) => slope + intercept)
  return {
    values: coefficients,
    errors: known.length === 2 ** values.length ? null : errors.map((error, player) => error * float64At(isUsed, player)),
    figures: { r2: explainedShare(outputs, fitted, shares), stability: stabilityOf(values, errors, largestMagnitude(outputs)) },
    surrogate: {
      coalitions: joined(known, values.length),
      outputs: Float32Array.from(outputs),
      fitted: Float32Array.from(fitted),
      weights: Float32Array.from(known, (sample) => kernelWeight(sizeOf(sample), sample.length)),
      coefficients: Float32Array.from(coefficients),
      intercept,
    },
  }
}

function joined(coalitions: readonly Coalition[], players: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(coalitions.length * players)
  for (const [at, coalition] of coalitions.entries()) all.set(coalition, at * players)
  return all
}

function explainedShare(outputs: readonly number[], fitted: readonly number[], weights: readonly number[]): number {
  const middle = weightedMean(outputs, weights)
  const squares = (from: (at: number) => number): number =>
    weightedMean(
      outputs.map((output, at) => (output - from(at)) ** 2),
      weights,
    )
  const spread = squares(() => middle)
  // Of float32 outputs that are all the same.
  return spread <= (ROUNDING * middle) ** 2 ? 1 : 1 - squares((at) => elementAt(fitted, at)) / spread
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return values.reduce((sum, value, at) => sum + value * elementAt(weights, at), 0) / total
}

/** Of answers that are as unsure as this one. What a reader takes for equal is in the same order. */
function stabilityOf(values: Float64Array, errors: Float64Array, largestOutput: number): number {
  const step = Math.max(EQUAL * largestMagnitude(values), ROUNDING * Math.max(largestOutput, SMALL))
  const normal = normalNumbers(SEED)
  const drawn = (): Float64Array => values.map((value, at) => Math.round((value + normal() * float64At(errors, at)) / step))
  const alike = Array.from({ length: ANSWERS }, () => rankCorrelation(drawn(), drawn()))
  // Without an order, of one unit or of none that matters, there is none to lose.
  return alike.reduce((sum, one) => sum + (Number.isNaN(one) ? 1 : one), 0) / ANSWERS
}
