// A game as a line plus a Gaussian process: how likely what is known makes it, and what it says of a functional.

import { addRows, createCholesky, dot } from '#tensor/cholesky'
import type { Steps } from '#tensor/slices'
import type { Coalition } from '../game.ts'
import type { Kernel } from './kernel.ts'
import type { TrendValues } from './symmetric-functional.ts'

export interface InterpolatedValues {
  /** [players] */
  readonly values: Float64Array
  /** [players]: standard deviations of what they may be, given all that is known; zeros where that is everything. */
  readonly errors: Float64Array
}

export interface Fit {
  /** Logarithm, up to a constant. */
  readonly likelihood: number
  answer(): Steps<InterpolatedValues>
  /**
   * Of some coalitions that are not known, as many as are wanted, in the order in which each, with those before it, would make the
   * functional's errors least: their squares fall by the squares of its covariances with a payoff over that one's variance.
   */
  selectInformative(candidates: readonly Coalition[], wanted: number): Steps<readonly Coalition[]>
}

export interface KernelProcess {
  add(coalitions: readonly Coalition[], payoffs: ArrayLike<number>): Steps<void>
  /** @param least variance */
  fit(least: number): Steps<Fit>
}

/** Keeps near copies apart in floating point, as a share of the variance. */
const NUGGET = 1e-9
/** Columns that are worked out at once. */
const TOGETHER = 4

/**
 * With K = L L' the correlations of what is known, all that is asked are products of the columns of
 * L^-1 [trend | payoffs | functionals of the kernel]; they grow by a row with each payoff, those of the functionals only when asked.
 */
export function createKernelProcess(kernel: Kernel, trend: TrendValues): KernelProcess {
  const players = kernel.variances.length
  /** Of the trend. */
  const terms = 1 + players
  const coalitions: Coalition[] = []
  const correlations = createCholesky()
  /** Rows of L^-1 [trend | payoffs]. */
  const lines: Float64Array[] = []
  /** Rows of L^-1 times the functionals of the kernel, no more than the above. */
  const told: Float64Array[] = []
  /** [terms + 1] of [terms + 1], the last for payoffs: products of the columns of `lines`; only left of the diagonal and on it. */
  const products = grid(terms + 1, (term) => term + 1)
  /** [terms + 1] of [players]: products of both kinds of columns. */
  const across = grid(terms + 1, () => players)
  /** [players]: squares of the functionals' columns. */
  const squares = new Float64Array(players)
  let [summed, summedAcross] = [0, 0]

  function* add(added: readonly Coalition[], payoffs: ArrayLike<number>): Steps<void> {
    const all = [...coalitions, ...added]
    correlations.append(
      added.map((coalition, at) => kernel.correlations(coalition, all.slice(0, coalitions.length + at))),
      1 + NUGGET,
      NUGGET,
    )
    yield added.length * lines.length * (lines.length / 2 + players)
    for (const [at, coalition] of added.entries()) {
      lines.push(reduced(Float64Array.of(1, ...coalition, payoffs[at] ?? Number.NaN), lines))
      coalitions.push(coalition)
      yield lines.length * terms
    }
  }
  /** A row of L^-1 B, from B's. */
  const reduced = (own: Float64Array, before: readonly Float64Array[]): Float64Array => {
    const row = correlations.rows[before.length] ?? own
    addRows(own, before, (at) => -(row[at] ?? 0))
    const diagonal = row[before.length] ?? 1
    for (let at = 0; at < own.length; at++) own[at] = (own[at] ?? 0) / diagonal
    return own
  }

  function* fit(least: number): Steps<Fit> {
    const added = lines.slice(summed)
    summed = lines.length
    for (const [term, sums] of products.entries()) {
      addRows(sums, added, (at) => added[at]?.[term] ?? 0)
      yield added.length * sums.length
    }
    const ofTrend = createCholesky()
    for (const [term, sums] of products.slice(0, terms).entries()) {
      ofTrend.append([sums.slice(0, term)], sums[term] ?? 0, NUGGET * (sums[term] ?? 0))
      yield (term * term) / 2
    }
    const payoffs = products[terms] ?? new Float64Array()
    const slopes = ofTrend.solve(payoffs.slice(0, terms))
    const missed = Math.max(0, (payoffs[terms] ?? 0) - dot(slopes, payoffs, terms))
    const freedom = lines.length - terms
    const variance = Math.max(missed / freedom, least)
    yield terms * terms
    return {
      likelihood: (-freedom / 2) * Math.log(variance) - correlations.logDiagonal() - ofTrend.logDiagonal(),
      *answer() {
        yield* tell()
        const [values, errors] = [new Float64Array(players), new Float64Array(players)]
        for (let first = 0; first < players; first += TOGETHER) {
          const some = Array.from({ length: Math.min(TOGETHER, players - first) }, (_, at) => first + at)
          const beyond = some.map(beyondKernel)
          for (const [at, player] of some.entries()) {
            values[player] = (across[terms]?.[player] ?? 0) + dot(beyond[at] ?? slopes, slopes, terms)
          }
          ofTrend.forward(beyond)
          for (const [at, player] of some.entries()) {
            const unsure = beyond[at] ?? slopes
            const left = (kernel.variances[player] ?? 0) - (squares[player] ?? 0) + dot(unsure, unsure, terms)
            errors[player] = Math.sqrt(variance * Math.max(0, left))
          }
          yield (some.length * terms * terms) / 2
        }
        return { values, errors }
      },
      *selectInformative(candidates, wanted) {
        yield* tell()
        const whitened = candidates.map((candidate) => kernel.correlations(candidate, coalitions))
        for (let at = 0; at < whitened.length; at += TOGETHER) {
          correlations.forward(whitened.slice(at, at + TOGETHER))
          yield TOGETHER * coalitions.length * (coalitions.length / 2 + players)
        }
        /** Of each candidate, [terms] and [players]: what is left of the trend and of the functionals. */
        const [beyonds, covariances]: [Float64Array[], Float64Array[]] = [[], []]
        for (const [at, candidate] of candidates.entries()) {
          const beyond = Float64Array.of(1, ...candidate)
          const covariance = kernel.functionals(candidate)
          addRows(beyond, lines, (row) => -(whitened[at]?.[row] ?? 0))
          addRows(covariance, told, (row) => -(whitened[at]?.[row] ?? 0))
          beyonds.push(beyond)
          covariances.push(covariance)
          yield coalitions.length * 2 * players
        }
        const ofPlayers = Array.from({ length: players }, (_, player) => beyondKernel(player))
        const ofBoth = [...beyonds, ...ofPlayers]
        for (let at = 0; at < ofBoth.length; at += TOGETHER) {
          ofTrend.forward(ofBoth.slice(at, at + TOGETHER))
          yield (TOGETHER * terms ** 2) / 2
        }
        for (const [at, covariance] of covariances.entries()) {
          for (const [player, own] of ofPlayers.entries()) {
            covariance[player] = (covariance[player] ?? 0) + dot(own, beyonds[at] ?? own, terms)
          }
          yield players * terms
        }
        const together = (one: number, other: number): number => {
          const [ones, others] = [whitened[one] ?? slopes, whitened[other] ?? slopes]
          const [onesBeyond, othersBeyond] = [beyonds[one] ?? slopes, beyonds[other] ?? slopes]
          return dot(onesBeyond, othersBeyond, terms) - dot(ones, others, coalitions.length)
        }
        const variances = Float64Array.from(candidates, (_, at) => 1 + NUGGET + together(at, at))
        const left = new Set(candidates.keys())
        /** Of each that is chosen, [candidates]: its covariances with all, over its deviation. */
        const taken: Float64Array[] = []
        const chosen: Coalition[] = []
        while (chosen.length < wanted && left.size > 0) {
          const gain = (at: number): number => {
            const covariance = covariances[at] ?? slopes
            return dot(covariance, covariance, players) / Math.max(variances[at] ?? 0, NUGGET)
          }
          const best = Array.from(left).reduce((one, other) => (gain(other) > gain(one) ? other : one))
          left.delete(best)
          const candidate = candidates[best] ?? new Uint8Array()
          chosen.push(candidate)
          const deviation = Math.sqrt(Math.max(variances[best] ?? 0, NUGGET))
          const alike = kernel.correlations(candidate, candidates)
          const covaried = alike.map((one, at) => {
            const known = taken.reduce((sum, before) => sum + (before[best] ?? 0) * (before[at] ?? 0), 0)
            return (one + together(best, at) - known) / deviation
          })
          taken.push(covaried)
          const own = covariances[best]?.map((one) => one / deviation) ?? slopes
          for (const at of left) {
            const share = covaried[at] ?? 0
            variances[at] = (variances[at] ?? 0) - share ** 2
            addRows(covariances[at] ?? slopes, [own], () => -share)
          }
          yield candidates.length * (coalitions.length + 3 * players)
        }
        return chosen
      },
    }
  }
  /** [terms]: what the functional sees of the trend beyond what the kernel has told it. */
  const beyondKernel = (player: number): Float64Array => {
    const own = new Float64Array(terms)
    for (let term = 0; term < terms; term++) {
      const whole = term === 0 ? trend.everywhere : term - 1 === player ? trend.own : trend.other
      own[term] = whole - (across[term]?.[player] ?? 0)
    }
    return own
  }
  /** Brings the functionals' columns up to what is known. */
  function* tell(): Steps<void> {
    while (told.length < lines.length) {
      told.push(reduced(kernel.functionals(coalitions[told.length] ?? new Uint8Array()), told))
      yield (told.length + players) * players
    }
    const [added, addedLines] = [told.slice(summedAcross), lines.slice(summedAcross)]
    summedAcross = told.length
    for (const [term, sums] of across.entries()) {
      addRows(sums, added, (at) => addedLines[at]?.[term] ?? 0)
      yield added.length * players
    }
    for (const row of added) {
      for (let player = 0; player < players; player++) squares[player] = (squares[player] ?? 0) + (row[player] ?? 0) ** 2
    }
  }
  return { add, fit }
}

function grid(rows: number, widthOf: (row: number) => number): readonly Float64Array[] {
  return Array.from({ length: rows }, (_, row) => new Float64Array(widthOf(row)))
}
