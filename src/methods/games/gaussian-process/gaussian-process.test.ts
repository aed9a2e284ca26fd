// Correlations between coalitions, against brute force over all of them.

import { describe, expect, it } from 'vitest'
import { normalNumbers } from '#tensor/random'
import { inOne } from '#tensor/slices'
import type { Coalition } from '../game.ts'
import { allCoalitions } from '../games.fixture.ts'
import { limeNeighbourhood } from '../lime/lime-neighbourhood.ts'
import { shapleyFunctional } from '../shapley/interpolated-shapley.ts'
import { createKernelProcess } from './gaussian-process.ts'
import { ardKernel, isotropicKernel, type Kernel } from './kernel.ts'
import { fitArdParameters, likelihoodAt, pointOf } from './length-scale-fit.ts'
import { type SymmetricFunctional, trendValues, valuesOf } from './symmetric-functional.ts'

const PLAYERS = 5
const all = allCoalitions(PLAYERS)
const indexOf = (coalition: Coalition): number => coalition.reduce((subset, present, player) => subset | (present << player), 0)
const ARD = { inverseSquaredScales: Float64Array.of(0.1, 0.5, 2, 0.3, 0.01), whiteNoiseShare: 0.1 }

describe.each<readonly [string, SymmetricFunctional]>([
  ['Shapley values', shapleyFunctional(PLAYERS)],
  ['LIME’s coefficients', limeNeighbourhood(PLAYERS).coefficients],
])('%s of a kernel', (_, functional) => {
  it.each<readonly [string, Kernel]>([
    ['even', isotropicKernel(functional, 0.7)],
    ['uneven', ardKernel(functional, ARD)],
  ])('that is %s are those by summing over all coalitions, and so are their variances', (__, kernel) => {
    const found = all.map((centre) => {
      const correlations = kernel.correlations(centre, all)
      // With itself a coalition has what it has alone, too.
      correlations[indexOf(centre)] = 1
      const summed = valuesOf(functional, all, (coalition) => correlations[indexOf(coalition)] ?? Number.NaN)
      for (const [player, value] of kernel.functionals(centre).entries()) expect(value).toBeCloseTo(summed[player] ?? Number.NaN, 10)
      return summed
    })
    for (const player of Array(PLAYERS).keys()) {
      const variance = valuesOf(functional, all, (centre) => found[indexOf(centre)]?.[player] ?? Number.NaN)[player]
      expect(kernel.variances[player]).toBeCloseTo(variance ?? Number.NaN, 10)
    }
  })

  it('tell which coalition makes their errors least, and which one after it', () => {
    const kernel = ardKernel(functional, ARD)
    const known = all.filter((__, subset) => [0, 31, 1, 2, 4, 8, 16, 30, 29, 27].includes(subset))
    const rest = all.filter((coalition) => !known.includes(coalition))
    /** The variance is what it is at least, whatever the payoffs are. */
    const fitTo = (coalitions: readonly Coalition[]) => {
      const process = createKernelProcess(kernel, trendValues(functional))
      inOne(process.add(coalitions, new Float64Array(coalitions.length)))
      return inOne(process.fit(1))
    }
    const squaresWith = (coalitions: readonly Coalition[]): number =>
      inOne(fitTo([...known, ...coalitions]).answer()).errors.reduce((sum, error) => sum + error ** 2, 0)
    const [first, second] = inOne(fitTo(known).selectInformative(rest, 2))
    if (first === undefined || second === undefined) throw new Error('two were wanted')
    expect(squaresWith([first])).toBeCloseTo(Math.min(...rest.map((one) => squaresWith([one]))), 8)
    const others = rest.filter((one) => one !== first)
    expect(squaresWith([first, second])).toBeCloseTo(Math.min(...others.map((one) => squaresWith([first, one]))), 8)
  })
})

describe('the ardParameters of a game', () => {
  const random = normalNumbers(3)
  const noise = Float64Array.from(all, random)
  /** The first two matter more together; the others each by themselves. */
  const payoffs = Float64Array.from(
    all,
    (one, at) => 3 * (one[0] ?? 0) * (one[1] ?? 0) + (one[2] ?? 0) - 2 * (one[4] ?? 0) + 0.01 * (noise[at] ?? 0),
  )
  const some = all.filter((_, at) => at % 5 !== 2)
  const own = Float64Array.from(some, (coalition) => payoffs[indexOf(coalition)] ?? Number.NaN)
  const start = { inverseSquaredScales: new Float64Array(PLAYERS).fill(1), whiteNoiseShare: 0.02 }
  const found = inOne(fitArdParameters(some, own, start, 1e-9))

  it('is larger for players that change what others do', () => {
    const [one = 0, two = 0, ...others] = found.inverseSquaredScales
    for (const other of others) expect(Math.min(one, two)).toBeGreaterThan(3 * other)
  })

  it('is as likely as the process says', () => {
    const functional = shapleyFunctional(PLAYERS)
    const inverseSquaredScales = [0.1, 0.5, 2, 0.3, 0.05]
    // What is thought before treats players alike.
    const [one, other] = [inverseSquaredScales, inverseSquaredScales.toReversed()].map((own) => ({
      inverseSquaredScales: Float64Array.from(own),
      whiteNoiseShare: 0.02,
    }))
    const differenceOf = (likelihood: (ardParameters: typeof start) => number): number =>
      likelihood(one ?? start) - likelihood(other ?? start)
    const byFit = differenceOf((ardParameters) => inOne(likelihoodAt(some, own, pointOf(ardParameters), 1e-9)).value)
    const byProcess = differenceOf((ardParameters) => {
      const process = createKernelProcess(ardKernel(functional, ardParameters), trendValues(functional))
      inOne(process.add(some, own))
      return inOne(process.fit(1e-9)).likelihood
    })
    expect(Math.abs(byFit)).toBeGreaterThan(1)
    expect(byFit).toBeCloseTo(byProcess, 3)
  })

  it('is where nothing near is likelier', () => {
    const value = (point: Float64Array): number => inOne(likelihoodAt(some, own, point, 1e-9)).value
    const top = pointOf(found)
    for (const parameter of top.keys()) {
      for (const step of [-0.5, 0.5]) {
        const near = top.slice()
        // No inverse squared length scale is taken to be less than exp(-4).
        near[parameter] = Math.max(parameter < PLAYERS ? -4 : -14, (near[parameter] ?? 0) + step)
        expect(value(near)).toBeLessThan(value(top) + 0.1)
      }
    }
  })
})
