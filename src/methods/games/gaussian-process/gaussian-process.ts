// A game as a line plus a Gaussian process: how likely what is known makes it, and what it says of a functional.

import { createCholesky } from '#tensor/cholesky'
import { addRows, rowAt } from '#tensor/matrix'
import type { Steps } from '#tensor/slices'
import { dot, elementAt, float64At } from '#tensor/vector'
import type { Coalition } from '../game.ts'
import type { Kernel } from './kernel.ts'
import type { TrendValues } from './symmetric-functional.ts'

/** A local name: where modules are not bundled, inner loops call an import at half the speed. */
const element = float64At

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
      lines.push(reduced(Float64Array.of(1, ...coalition, elementAt(payoffs, at)), lines))
      coalitions.push(coalition)
      yield lines.length * terms
    }
  }
  /** A row of L^-1 B, from B's. */
  const reduced = (own: Float64Array, before: readonly Float64Array[]): Float64Array => {
    const row = rowAt(correlations.rows, before.length)
    addRows(own, before, (at) => -element(row, at))
    const diagonal = element(row, before.length)
    for (let at = 0; at < own.length; at++) own[at] = element(own, at) / diagonal
    return own
  }

  function* fit(least: number): Steps<Fit> {
    const added = lines.slice(summed)
    summed = lines.length
    for (const [term, sums] of products.entries()) {
      addRows(sums, added, (at) => element(rowAt(added, at), term))
      yield added.length * sums.length
    }
    const ofTrend = createCholesky()
    for (const [term, sums] of products.slice(0, terms).entries()) {
      ofTrend.append([sums.slice(0, term)], element(sums, term), NUGGET * element(sums, term))
      yield (term * term) / 2
    }
    const payoffs = rowAt(products, terms)
    const slopes = ofTrend.solve(payoffs.slice(0, terms))
    const missed = Math.max(0, element(payoffs, terms) - dot(slopes, payoffs, terms))
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
            values[player] = element(rowAt(across, terms), player) + dot(rowAt(beyond, at), slopes, terms)
          }
          ofTrend.forward(beyond)
          for (const [at, player] of some.entries()) {
            const unsure = rowAt(beyond, at)
            const left = element(kernel.variances, player) - element(squares, player) + dot(unsure, unsure, terms)
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
          addRows(beyond, lines, (row) => -element(rowAt(whitened, at), row))
          addRows(covariance, told, (row) => -element(rowAt(whitened, at), row))
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
            covariance[player] = element(covariance, player) + dot(own, rowAt(beyonds, at), terms)
          }
          yield players * terms
        }
        const together = (one: number, other: number): number => {
          const [ones, others] = [rowAt(whitened, one), rowAt(whitened, other)]
          const [onesBeyond, othersBeyond] = [rowAt(beyonds, one), rowAt(beyonds, other)]
          return dot(onesBeyond, othersBeyond, terms) - dot(ones, others, coalitions.length)
        }
        const variances = Float64Array.from(candidates, (_, at) => 1 + NUGGET + together(at, at))
        const left = new Set(candidates.keys())
        /** Of each that is chosen, [candidates]: its covariances with all, over its deviation. */
        const taken: Float64Array[] = []
        const chosen: Coalition[] = []
        while (chosen.length < wanted && left.size > 0) {
          const gain = (at: number): number => {
            const covariance = rowAt(covariances, at)
            return dot(covariance, covariance, players) / Math.max(element(variances, at), NUGGET)
          }
          const best = Array.from(left).reduce((one, other) => (gain(other) > gain(one) ? other : one))
          left.delete(best)
          const candidate = elementAt(candidates, best)
          chosen.push(candidate)
          const deviation = Math.sqrt(Math.max(element(variances, best), NUGGET))
          const alike = kernel.correlations(candidate, candidates)
          const covaried = alike.map((one, at) => {
            const known = taken.reduce((sum, before) => sum + element(before, best) * element(before, at), 0)
            return (one + together(best, at) - known) / deviation
          })
          taken.push(covaried)
          const own = rowAt(covariances, best).map((one) => one / deviation)
          for (const at of left) {
            const share = element(covaried, at)
            variances[at] = element(variances, at) - share ** 2
            addRows(rowAt(covariances, at), [own], () => -share)
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
      own[term] = whole - element(rowAt(across, term), player)
    }
    return own
  }
  /** Brings the functionals' columns up to what is known. */
  function* tell(): Steps<void> {
    while (told.length < lines.length) {
      told.push(reduced(kernel.functionals(elementAt(coalitions, told.length)), told))
      yield (told.length + players) * players
    }
    const [added, addedLines] = [told.slice(summedAcross), lines.slice(summedAcross)]
    summedAcross = told.length
    for (const [term, sums] of across.entries()) {
      addRows(sums, added, (at) => element(rowAt(addedLines, at), term))
      yield added.length * players
    }
    for (const row of added) {
      for (let player = 0; player < players; player++) squares[player] = element(squares, player) + element(row, player) ** 2
    }
  }
  return { add, fit }
}

function grid(rows: number, widthOf: (row: number) => number): readonly Float64Array[] {
  return Array.from({ length: rows }, (_, row) => new Float64Array(widthOf(row)))
}
