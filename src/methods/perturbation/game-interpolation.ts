// A game that is known at some coalitions only, told at all others: what its functionals are, and how sure that is.

import { createCholesky } from './cholesky.ts'
import { type Coalition, sizeOf } from './game.ts'
import { type KernelTables, kernelTables, type SymmetricFunctional, trendValues, valuesOf } from './symmetric-functional.ts'

export interface GameInterpolation {
  /** Coalitions whose payoffs are known, in the order in which they were told, each once. */
  readonly known: readonly Coalition[]
  add(coalitions: readonly Coalition[], payoffs: ArrayLike<number>): void
  has(coalition: Coalition): boolean
  /** NaN where not known. */
  payoffOf(coalition: Coalition): number
  /** null while fewer are known than a line takes. */
  answer(): InterpolatedValues | null
}

export interface InterpolatedValues {
  /** [players] */
  readonly values: Float64Array
  /** [players]: standard deviations of what they may be, given all that is known; zeros where that is everything. */
  readonly errors: Float64Array
}

/** How fast games are taken to change, as exp(-roughness / players) for each player that comes or goes: the likelier, the more it counts. */
const ROUGHNESS = [0.5, 1, 2, 4, 8, 16, 32] as const
/** Logarithm of how much likelier another one must be for one to be given up. */
const UNLIKELY = 20
/** Payoffs for each player from which on some are given up. */
const SETTLED = 6
/** Variance that a game has at least, beside that of its payoffs and beside their size: a few roundings of float32, not to be sure of ties. */
const LEAST_VARIANCE = { ofVariance: 1e-12, ofSize: 1e-14, ofAll: 1e-20 }
/** The same for one not to be heard: it would weigh less than a thousandth. */
const UNHEARD = 7
/** Keeps near copies apart in floating point, as a share of the variance. */
const NUGGET = 1e-9

/**
 * Universal kriging (Matheron, 1969): the payoffs are a linear trend plus a Gaussian process whose correlation is rho^|S xor T|, the
 * diffusion kernel of the hypercube (Kondor & Lafferty, 2002, "Diffusion kernels on graphs and other discrete input spaces"). A functional
 * of it is again Gaussian, with a mean and a variance in closed form: Bayesian quadrature (O'Hagan, 1991). Each rho counts by its
 * restricted likelihood, as all are alike before. A game that is a line is told exactly, and so is one of which all is known.
 */
export function createGameInterpolation(functional: SymmetricFunctional): GameInterpolation {
  const { players } = functional
  const trend = trendRows(functional)
  let processes = ROUGHNESS.map((roughness) => createProcess(functional, Math.exp(-roughness / players)))
  const known: Coalition[] = []
  const byKey = new Map<string, number>()
  const addOne = (coalition: Coalition, payoff: number): void => {
    const key = coalition.join('')
    if (byKey.has(key)) return
    byKey.set(key, payoff)
    const distances = known.map((other) => distance(coalition, other))
    for (const process of processes) process.add(coalition, payoff, distances)
    known.push(coalition)
  }
  const payoffOf = (coalition: Coalition): number => byKey.get(coalition.join('')) ?? Number.NaN
  return {
    known,
    payoffOf,
    add: (coalitions, payoffs) => {
      for (const [at, coalition] of coalitions.entries()) addOne(coalition, payoffs[at] ?? Number.NaN)
    },
    has: (coalition) => byKey.has(coalition.join('')),
    answer: () => {
      if (known.length === 2 ** players) return { values: valuesOf(functional, known, payoffOf), errors: new Float64Array(players) }
      if (known.length < players + 3) return null
      const least = leastVariance(Array.from(byKey.values()))
      const fits = processes.map((process) => ({ process, ...process.fit(least) }))
      const best = Math.max(...fits.map(({ likelihood }) => likelihood))
      // Close to nobody and all every game is much like a line, and tells little of its roughness: none is given up early.
      if (known.length >= SETTLED * players) {
        processes = fits.filter(({ likelihood }) => !(likelihood < best - UNLIKELY)).map(({ process }) => process)
      }
      const counted = fits.filter(({ likelihood }) => !(likelihood < best - UNHEARD))
      return mixed(counted.map(({ likelihood, valuesOf: valuesBy }) => ({ likelihood, ...valuesBy(trend) })))
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
function mixed(fits: readonly (InterpolatedValues & { readonly likelihood: number })[]): InterpolatedValues {
  const best = Math.max(...fits.map(({ likelihood }) => likelihood))
  const shares = fits.map(({ likelihood }) => Math.exp(likelihood - best))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const meanOf = (of: (fit: InterpolatedValues) => number): number =>
    fits.reduce((sum, fit, at) => sum + ((shares[at] ?? 0) / total) * of(fit), 0)
  const players = Array.from(fits[0]?.values ?? [])
  const values = Float64Array.from(players, (_, player) => meanOf((fit) => fit.values[player] ?? Number.NaN))
  const errors = Float64Array.from(values, (value, player) =>
    Math.sqrt(meanOf((fit) => (fit.errors[player] ?? Number.NaN) ** 2 + ((fit.values[player] ?? Number.NaN) - value) ** 2)),
  )
  return { values, errors }
}

interface Fit {
  /** Logarithm, up to a constant. */
  readonly likelihood: number
  /** @param trend [players] of [1 + players]: the functional of each term of the trend */
  valuesOf(trend: readonly Float64Array[]): InterpolatedValues
}

interface Process {
  add(coalition: Coalition, payoff: number, distances: readonly number[]): void
  /** @param least variance */
  fit(least: number): Fit
}

/**
 * One correlation. With K = L L' the correlations of what is known, all that is asked are products of the columns of L^-1 [trend | payoffs |
 * functionals of the kernel]; they grow by a row with each payoff.
 */
function createProcess(functional: SymmetricFunctional, rho: number): Process {
  const { players } = functional
  const tables = kernelTables(functional, rho)
  const powers = Float64Array.from({ length: players + 1 }, (_, far) => rho ** far)
  const terms = 1 + players
  /** Columns: the trend's terms, the payoffs, the kernel's functionals. */
  const width = terms + 1 + players
  const correlations = createCholesky()
  const columns: Float64Array[] = []
  /** [terms + 1, width]: products of trend and payoffs with all columns. */
  const products = new Float64Array((terms + 1) * width)
  /** [players]: squares of the functionals' columns. */
  const squares = new Float64Array(players)
  const at = (row: number, column: number): number => products[row * width + column] ?? 0

  const add = (coalition: Coalition, payoff: number, distances: readonly number[]): void => {
    correlations.append(
      Float64Array.from(distances, (far) => powers[far] ?? 0),
      1 + NUGGET,
      NUGGET,
    )
    const own = columnsOf(coalition, payoff, tables)
    const row = correlations.rows.at(-1) ?? own
    for (const [earlier, known] of columns.entries()) {
      const factor = row[earlier] ?? 0
      for (let column = 0; column < width; column++) own[column] = (own[column] ?? 0) - factor * (known[column] ?? 0)
    }
    const diagonal = row[columns.length] ?? 1
    for (let column = 0; column < width; column++) own[column] = (own[column] ?? 0) / diagonal
    columns.push(own)
    for (let one = 0; one <= terms; one++) {
      const factor = own[one] ?? 0
      for (let other = 0; other < width; other++) products[one * width + other] = at(one, other) + factor * (own[other] ?? 0)
    }
    for (let player = 0; player < players; player++) squares[player] = (squares[player] ?? 0) + (own[terms + 1 + player] ?? 0) ** 2
  }
  const fit = (least: number): Fit => {
    const ofTrend = createCholesky()
    for (let term = 0; term < terms; term++) {
      ofTrend.append(products.slice(term * width, term * width + term), at(term, term), NUGGET * at(term, term))
    }
    const slopes = ofTrend.solve(Float64Array.from({ length: terms }, (_, term) => at(term, terms)))
    const missed = Math.max(
      0,
      slopes.reduce((rest, slope, term) => rest - slope * at(term, terms), at(terms, terms)),
    )
    const freedom = columns.length - terms
    const variance = Math.max(missed / freedom, least)
    return {
      likelihood: (-freedom / 2) * Math.log(variance) - correlations.logDiagonal() - ofTrend.logDiagonal(),
      valuesOf: (trend) => {
        const [values, errors] = [new Float64Array(players), new Float64Array(players)]
        trend.forEach((row, player) => {
          /** What the functional sees of the trend beyond what the kernel has told it. */
          const beyond = row.map((value, term) => value - at(term, terms + 1 + player))
          values[player] = beyond.reduce((sum, value, term) => sum + value * (slopes[term] ?? 0), at(terms, terms + 1 + player))
          const unsure = ofTrend.forward(beyond).reduce((sum, value) => sum + value * value, 0)
          errors[player] = Math.sqrt(variance * Math.max(0, tables.variance - (squares[player] ?? 0) + unsure))
        })
        return { values, errors }
      },
    }
  }
  return { add, fit }
}

/** The trend's terms at a coalition, its payoff, and the functionals of the kernel around it. */
function columnsOf(coalition: Coalition, payoff: number, { inside, outside }: KernelTables): Float64Array {
  const size = sizeOf(coalition)
  const functionals = Array.from(coalition, (present) => (present === 1 ? inside : outside)[size] ?? 0)
  return Float64Array.of(1, ...coalition, payoff, ...functionals)
}

/** [players] of [1 + players] */
function trendRows(functional: SymmetricFunctional): readonly Float64Array[] {
  const { everywhere, own, other } = trendValues(functional)
  return Array.from({ length: functional.players }, (_, player) =>
    Float64Array.from({ length: 1 + functional.players }, (__, term) => (term === 0 ? everywhere : term - 1 === player ? own : other)),
  )
}

function distance(one: Coalition, other: Coalition): number {
  let far = 0
  for (let player = 0; player < one.length; player++) far += one[player] === other[player] ? 0 : 1
  return far
}
