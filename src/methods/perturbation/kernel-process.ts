// A game as a line plus a Gaussian process of one roughness: how likely what is known makes it, and what it says of a functional.

import { addRows, createCholesky, dot } from './cholesky.ts'
import { type Coalition, sizeOf } from './game.ts'
import type { Steps } from './slices.ts'
import { type KernelTables, kernelTables, type SymmetricFunctional, type TrendValues } from './symmetric-functional.ts'

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
}

export interface KernelProcess {
  /** @param distances of each to all before it */
  add(coalitions: readonly Coalition[], payoffs: ArrayLike<number>, distances: readonly Uint16Array[]): Steps<void>
  /** @param least variance */
  fit(least: number): Steps<Fit>
}

/** Keeps near copies apart in floating point, as a share of the variance. */
const NUGGET = 1e-9
/** Players whose errors are worked out at once. */
const TOGETHER = 4

/**
 * The correlation is rho^|S xor T|. With K = L L' the correlations of what is known, all that is asked are products of the columns of
 * L^-1 [trend | payoffs | functionals of the kernel]; they grow by a row with each payoff, those of the functionals only when asked.
 */
export function createKernelProcess(functional: SymmetricFunctional, rho: number, trend: TrendValues): KernelProcess {
  const { players } = functional
  const tables = kernelTables(functional, rho)
  const powers = Float64Array.from({ length: players + 1 }, (_, far) => rho ** far)
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

  function* add(added: readonly Coalition[], payoffs: ArrayLike<number>, distances: readonly Uint16Array[]): Steps<void> {
    correlations.append(
      distances.map((row) => correlationsAt(row, powers)),
      1 + NUGGET,
      NUGGET,
    )
    yield added.length * (lines.length ** 2 / 2)
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
            const left = tables.variance - (squares[player] ?? 0) + dot(unsure, unsure, terms)
            errors[player] = Math.sqrt(variance * Math.max(0, left))
          }
          yield (some.length * terms * terms) / 2
        }
        return { values, errors }
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
      told.push(reduced(functionalsAt(coalitions[told.length] ?? new Uint8Array(), tables), told))
      yield told.length * players
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

/** Of the kernel around a coalition. */
function functionalsAt(coalition: Coalition, { inside, outside }: KernelTables): Float64Array {
  const size = sizeOf(coalition)
  return Float64Array.from(coalition, (present) => (present === 1 ? inside : outside)[size] ?? 0)
}

function correlationsAt(distances: Uint16Array, powers: Float64Array): Float64Array {
  const row = new Float64Array(distances.length)
  for (let at = 0; at < row.length; at++) row[at] = powers[distances[at] ?? 0] ?? 0
  return row
}

function grid(rows: number, widthOf: (row: number) => number): readonly Float64Array[] {
  return Array.from({ length: rows }, (_, row) => new Float64Array(widthOf(row)))
}
