// How fast a game changes with each of its players, fitted to some of its payoffs.

import { createCholesky } from '#tensor/cholesky'
import { addRows, rowAt } from '#tensor/matrix'
import type { Steps } from '#tensor/slices'
import { dot, elementAt, float64At, uint8At } from '#tensor/vector'
import type { Coalition } from '../game.ts'
import { type ArdParameters, path } from './kernel.ts'

/** A local name: where modules are not bundled, inner loops call an import at half the speed. */
const element = float64At

/** What is thought before: logarithms, a mean and a deviation. */
const PRIOR = {
  /** Of all players' inverse squared length scales together. */
  whole: { mean: Math.log(4), deviation: 2 },
  /** Of each player's beside the mean of all. */
  each: { deviation: 1 },
  /** Of the log-odds of the white-noise share. */
  whiteNoiseShare: { mean: -4, deviation: 2.5 },
}
/** A player that is taken to change nothing would never be asked about again. */
const BOUNDS = { inverseSquaredScales: [-4, 3], whiteNoiseShare: [-14, 1] } as const
const MOST_ROUNDS = 8
/** Logarithm of the likelihood: a round that gains less is the last. */
const ENOUGH = 0.3
const LONGEST_STEP = 2
const TRIES = 5
const DAMPING = { first: 1e-3, least: 1e-4, raised: 1e-2 }
/** Keeps near copies apart in floating point. */
const NUGGET = 1e-8

/** A point: logarithms of the players' inverse squared length scales, then the log-odds of the white-noise share. */
export type Point = Float64Array

/**
 * The most likely ARD parameters: restricted likelihood of a line plus a process (Patterson & Thompson, 1971) times a prior, climbed by
 * Newton's steps with the average information for a curvature (Gilmour, Thompson & Cullis, 1995, "Average information REML").
 * @param least variance
 */
export function* fitArdParameters(
  coalitions: readonly Coalition[],
  payoffs: Float64Array,
  start: ArdParameters,
  least: number,
): Steps<ArdParameters> {
  let point = pointOf(start)
  let current = yield* likelihoodAt(coalitions, payoffs, point, least)
  let damping = DAMPING.first
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const slope = yield* slopeAt(coalitions, current)
    addPrior(slope, point)
    let better: Likelihood | null = null
    for (let attempt = 0; attempt < TRIES && better === null; attempt++) {
      const next = stepped(point, slope, damping)
      const there = yield* likelihoodAt(coalitions, payoffs, next, least)
      if (there.value >= current.value) {
        better = there
        point = next
      } else damping = Math.max(10 * damping, DAMPING.raised)
    }
    if (better === null) break
    const gained = better.value - current.value
    current = better
    damping = Math.max(damping / 10, DAMPING.least)
    if (gained < ENOUGH) break
  }
  return ardParametersOf(point)
}

export interface Likelihood {
  /** Logarithm, with the prior's, up to a constant. */
  readonly value: number
  readonly at: ArdParameters
  /** Rows left of the diagonal: correlations without white noise. */
  readonly correlations: readonly Float64Array[]
  /** The factor L of the whole matrix K, by rows. */
  readonly rows: readonly Float64Array[]
  /** [terms] of [rows]: the trend's columns times L^-1, made orthonormal. */
  readonly trend: readonly Float64Array[]
  /** [rows]: P y. */
  readonly residuals: Float64Array
  readonly variance: number
}

export function* likelihoodAt(coalitions: readonly Coalition[], payoffs: Float64Array, point: Point, least: number): Steps<Likelihood> {
  const at = ardParametersOf(point)
  const factor = createCholesky()
  const correlations: Float64Array[] = []
  for (const [row, coalition] of coalitions.entries()) {
    const own = new Float64Array(row)
    for (let other = 0; other < row; other++) own[other] = Math.exp(-path(coalition, elementAt(coalitions, other), at.inverseSquaredScales))
    correlations.push(own)
    factor.append([own.map((one) => (1 - at.whiteNoiseShare) * one)], 1 + NUGGET, NUGGET)
    yield row * (row / 2 + coalition.length)
  }
  const players = elementAt(coalitions, 0).length
  const columns = [
    new Float64Array(coalitions.length).fill(1),
    ...Array.from({ length: players }, (_, player) => Float64Array.from(coalitions, (one) => uint8At(one, player))),
  ]
  const own = payoffs.slice()
  factor.forward([...columns, own])
  yield (columns.length * coalitions.length ** 2) / 2
  // A = F' K^-1 F = T T': the rows of T^-1 (L^-1 F)' are orthonormal.
  const trend: Float64Array[] = []
  let logTrend = 0
  for (const column of columns) {
    const products = Float64Array.from(trend, (one) => dot(one, column, column.length))
    const square = dot(column, column, column.length)
    const root = Math.sqrt(Math.max(square - dot(products, products, products.length), NUGGET * square))
    addRows(column, trend, (row) => -element(products, row))
    trend.push(column.map((one) => one / root))
    logTrend += Math.log(root)
  }
  const slopes = trend.map((one) => dot(one, own, own.length))
  addRows(own, trend, (row) => -elementAt(slopes, row))
  yield 2 * columns.length ** 2 * coalitions.length
  const freedom = coalitions.length - columns.length
  const variance = Math.max(dot(own, own, own.length) / freedom, least)
  const residuals = factor.backward(own)
  const value = (-freedom / 2) * Math.log(variance) - factor.logDiagonal() - logTrend + logPrior(point)
  return { value, at, correlations, rows: factor.rows, trend, residuals, variance }
}

/** Of the logarithm of the likelihood, with respect to the logarithm of each inverse squared length scale and to the log-odds of the white-noise share. */
interface Slope {
  readonly gradient: Float64Array
  /** [parameters] of [parameters]: minus the second derivatives, in the mean. */
  readonly information: readonly Float64Array[]
}

function* slopeAt(coalitions: readonly Coalition[], { at, correlations, rows, trend, residuals, variance }: Likelihood): Steps<Slope> {
  const count = coalitions.length
  const players = at.inverseSquaredScales.length
  const inverse = yield* inverseOf(rows)
  /** The trend's rows times L^-1. */
  const trendInverse = trend.map((one) => {
    const row = new Float64Array(count)
    addRows(row, inverse, (at) => element(one, at))
    return row
  })
  yield trend.length * count ** 2
  const gradient = new Float64Array(players + 1)
  /** [parameters] of [rows]: derivatives of K times the residuals. */
  const changes = Array.from({ length: players + 1 }, () => new Float64Array(count))
  const whiteNoiseShare = rowAt(changes, players)
  const projected = new Float64Array(count)
  for (const [row, coalition] of coalitions.entries()) {
    // P = L^-T L^-1 - its trend, a row of it up to the diagonal.
    projected.fill(0, 0, row + 1)
    addRows(projected, inverse.slice(row), (later) => element(rowAt(inverse, row + later), row), row + 1)
    addRows(projected, trendInverse, (term) => -element(rowAt(trendInverse, term), row), row + 1)
    const ownResidual = element(residuals, row)
    const shared = rowAt(correlations, row)
    for (let other = 0; other < row; other++) {
      const one = element(shared, other)
      const otherResidual = element(residuals, other)
      const pull = ((ownResidual * otherResidual) / variance - element(projected, other)) * one
      gradient[players] = element(gradient, players) - pull
      whiteNoiseShare[row] = element(whiteNoiseShare, row) - one * otherResidual
      whiteNoiseShare[other] = element(whiteNoiseShare, other) - one * ownResidual
      const [strength, beyond] = [(1 - at.whiteNoiseShare) * one, elementAt(coalitions, other)]
      for (let player = 0; player < players; player++) {
        if (coalition[player] === beyond[player]) continue
        gradient[player] = element(gradient, player) - (1 - at.whiteNoiseShare) * pull
        const change = rowAt(changes, player)
        change[row] = element(change, row) - strength * otherResidual
        change[other] = element(change, other) - strength * ownResidual
      }
    }
    yield (count - row) * row + (trend.length + 3 * players) * row
  }
  // K's diagonal does not depend on the parameters: what is shared less is alone more.
  const information = yield* informationOf(changes, inverse, trend, variance)
  scaled(gradient, information, [...Array.from(at.inverseSquaredScales), at.whiteNoiseShare * (1 - at.whiteNoiseShare)])
  return { gradient, information }
}

/** U' P U / (2 variance). */
function* informationOf(
  changes: readonly Float64Array[],
  inverse: readonly Float64Array[],
  trend: readonly Float64Array[],
  variance: number,
): Steps<readonly Float64Array[]> {
  const whitened: Float64Array[] = []
  for (const change of changes) {
    const own = Float64Array.from(inverse, (row) => dot(row, change, row.length))
    const slopes = trend.map((one) => dot(one, own, own.length))
    addRows(own, trend, (term) => -elementAt(slopes, term))
    whitened.push(own)
    yield inverse.length * (inverse.length + 2 * trend.length)
  }
  return whitened.map((one) => Float64Array.from(whitened, (other) => dot(one, other, one.length) / (2 * variance)))
}

/** The inverse of a lower triangle, by rows. */
function* inverseOf(rows: readonly Float64Array[]): Steps<readonly Float64Array[]> {
  const inverse: Float64Array[] = []
  for (const [at, row] of rows.entries()) {
    const own = new Float64Array(rows.length)
    addRows(own, inverse, (earlier) => -element(row, earlier), at)
    own[at] = 1
    const diagonal = element(row, at)
    for (let column = 0; column <= at; column++) own[column] = element(own, column) / diagonal
    inverse.push(own)
    yield at ** 2
  }
  return inverse
}

/** The chain rule, from parameters to their logarithms. */
function scaled(gradient: Float64Array, information: readonly Float64Array[], factors: readonly number[]): void {
  for (const [one, row] of information.entries()) {
    gradient[one] = element(gradient, one) * elementAt(factors, one)
    for (const other of row.keys()) row[other] = element(row, other) * elementAt(factors, one) * elementAt(factors, other)
  }
}

function stepped(point: Point, { gradient, information }: Slope, damping: number): Point {
  const factor = createCholesky()
  for (const [at, row] of information.entries()) {
    const own = element(row, at)
    factor.append([row.slice(0, at)], own * (1 + damping), NUGGET * own)
  }
  const step = factor.solve(gradient)
  return point.map((one, at) => {
    const [low, high] = at === point.length - 1 ? BOUNDS.whiteNoiseShare : BOUNDS.inverseSquaredScales
    return Math.min(high, Math.max(low, one + Math.min(LONGEST_STEP, Math.max(-LONGEST_STEP, element(step, at)))))
  })
}

function logPrior(point: Point): number {
  const { mean, whiteNoiseShare, players } = parts(point)
  const spread = point.subarray(0, players).reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return (
    -(
      spread / PRIOR.each.deviation ** 2 +
      offMean(mean, players) ** 2 / PRIOR.whole.deviation ** 2 +
      ((whiteNoiseShare - PRIOR.whiteNoiseShare.mean) / PRIOR.whiteNoiseShare.deviation) ** 2
    ) / 2
  )
}

function addPrior({ gradient, information }: Slope, point: Point): void {
  const { mean, whiteNoiseShare, players } = parts(point)
  const [each, whole] = [PRIOR.each.deviation ** -2, PRIOR.whole.deviation ** -2]
  const ofMean = (offMean(mean, players) * whole) / players
  for (let player = 0; player < players; player++) {
    gradient[player] = element(gradient, player) - (element(point, player) - mean) * each - ofMean
    const row = rowAt(information, player)
    for (let other = 0; other < players; other++) {
      row[other] = element(row, other) + ((player === other ? 1 : 0) - 1 / players) * each + whole / players ** 2
    }
  }
  gradient[players] = element(gradient, players) - (whiteNoiseShare - PRIOR.whiteNoiseShare.mean) / PRIOR.whiteNoiseShare.deviation ** 2
  const row = rowAt(information, players)
  row[players] = element(row, players) + PRIOR.whiteNoiseShare.deviation ** -2
}

function parts(point: Point): { readonly players: number; readonly mean: number; readonly whiteNoiseShare: number } {
  const players = point.length - 1
  const mean = point.subarray(0, players).reduce((sum, one) => sum + one, 0) / players
  return { players, mean, whiteNoiseShare: element(point, players) }
}

function offMean(mean: number, players: number): number {
  return mean + Math.log(players) - PRIOR.whole.mean
}

export function pointOf({ inverseSquaredScales, whiteNoiseShare }: ArdParameters): Point {
  return Float64Array.of(...inverseSquaredScales.map(Math.log), Math.log(whiteNoiseShare / (1 - whiteNoiseShare)))
}

function ardParametersOf(point: Point): ArdParameters {
  return {
    inverseSquaredScales: point.slice(0, -1).map(Math.exp),
    whiteNoiseShare: 1 / (1 + Math.exp(-element(point, point.length - 1))),
  }
}
