// Games that are known in part, against brute force over all coalitions, and on games that a real model plays.

import { describe, expect, it } from 'vitest'
import { rankCorrelation } from '#tensor/rank-correlation'
import { inOne, inSlices, type Steps } from '#tensor/slices'
import fixture from '../../../../fixtures/text-games.json'
import { type Coalition, type GameAnswer, type GameMethod, sizeOf } from '../game.ts'
import { additive, allCoalitions, gameOf, lastAnswer, tangled } from '../games.fixture.ts'
import { lime } from '../lime/lime.ts'
import { limeNeighbourhood } from '../lime/lime-neighbourhood.ts'
import { momentsOf, ridge } from '../lime/regression.ts'
import { exactShapley } from '../shapley/exact-shapley.ts'
import { interpolatedShapley, shapleyFunctional } from '../shapley/interpolated-shapley.ts'
import { kernelShap } from '../shapley/kernel-shap.ts'
import { sampledShapley } from '../shapley/sampled-shapley.ts'
import { createGameInterpolation } from './game-interpolation.ts'
import { choose, kernelTables, type SymmetricFunctional, trendValues, valuesOf } from './symmetric-functional.ts'

const never = new AbortController().signal

const far = (one: Coalition, other: Coalition): number => one.filter((present, player) => present !== other[player]).length
const length = (values: Iterable<number>): number => Math.hypot(...values)
const gap = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  length(Array.from(one, (value, at) => value - (other[at] ?? Number.NaN)))

interface Played {
  readonly answer: GameAnswer
  readonly asked: number
}

async function play(method: GameMethod, players: number, payoff: (present: readonly boolean[]) => number): Promise<readonly Played[]> {
  const game = gameOf(players, payoff)
  const played: Played[] = []
  for await (const answer of method(game, never)) played.push({ answer, asked: game.asked() })
  return played
}

const lastOf = (method: GameMethod, players: number, payoff: (present: readonly boolean[]) => number): Promise<GameAnswer> =>
  lastAnswer(method, gameOf(players, payoff))

const REAL = fixture.games.map(({ text, players, payoffs }) => ({
  text,
  players,
  payoff: (present: readonly boolean[]): number =>
    payoffs[present.reduce((subset, there, player) => subset | (Number(there) << player), 0)] ?? Number.NaN,
}))

describe.each<readonly [string, (players: number) => SymmetricFunctional]>([
  ['Shapley values', shapleyFunctional],
  ['LIME’s coefficients', (players) => limeNeighbourhood(players).coefficients],
])('%s as a functional', (_, functionalOf) => {
  it.each([1, 2, 5])('are told of the kernel and of lines as by summing over all coalitions of %d', (players) => {
    const functional = functionalOf(players)
    const all = allCoalitions(players)
    const of = (payoff: (coalition: Coalition) => number): Float64Array => valuesOf(functional, all, payoff)
    const tables = kernelTables(functional, 0.7)
    const ofKernel = (centre: Coalition): Float64Array => of((coalition) => 0.7 ** far(coalition, centre))
    for (const centre of all) {
      const size = sizeOf(centre)
      ofKernel(centre).forEach((value, player) => {
        expect((centre[player] === 1 ? tables.inside : tables.outside)[size]).toBeCloseTo(value, 10)
      })
    }
    of((centre) => ofKernel(centre)[0] ?? Number.NaN).forEach((value, player) => {
      if (player === 0) expect(tables.variance).toBeCloseTo(value, 10)
    })
    const { everywhere, own, other } = trendValues(functional)
    expect(of(() => 1)[0]).toBeCloseTo(everywhere, 10)
    expect(of((coalition) => coalition[0] ?? 0)[0]).toBeCloseTo(own, 10)
    if (players > 1) expect(of((coalition) => coalition[1] ?? 0)[0]).toBeCloseTo(other, 10)
  })
})

describe('the kernel of many players', () => {
  // f(all) - f(none) of rho^distance, in closed form.
  it.each([40, 500, 3000])('is shared out whole among %d', (players) => {
    const rho = Math.exp(-4 / players)
    const { inside, outside, variance } = kernelTables(shapleyFunctional(players), rho)
    for (const size of [0, 1, Math.floor(players / 3), players - 1, players]) {
      const sum = size * (inside[size] ?? 9) + (players - size) * (outside[size] ?? 9)
      expect(sum).toBeCloseTo(rho ** (players - size) - rho ** size, 9)
    }
    expect(variance).toBeGreaterThan(0)
    expect(variance).toBeLessThan(1)
  })
})

/** All coalitions, each as often as LIME draws it. */
function wholeNeighbourhood(players: number, payoff: (present: readonly boolean[]) => number) {
  const { sizes } = limeNeighbourhood(players)
  const all = allCoalitions(players)
  const payoffs = all.map((coalition) => payoff(Array.from(coalition, Boolean)))
  return { all, payoffs, weights: all.map((coalition) => (sizes[sizeOf(coalition)] ?? 0) / choose(players, sizeOf(coalition))) }
}

describe('LIME’s neighbourhood', () => {
  it.each([0, 2, 7])('has the regression on all coalitions, each as often as it is drawn, with %d features', async (features) => {
    const players = 7
    const payoff = tangled(players)
    const { all, payoffs, weights } = wholeNeighbourhood(players, payoff)
    const { values, figures, surrogate, errors } = await lastOf(lime(features), players, payoff)
    const used = Array.from(values.keys()).filter((player) => values[player] !== 0)
    expect(used.length).toBe(features === 0 ? players : features)
    const fit = ridge(momentsOf(all, payoffs, weights), used, 1)
    // What is not run is told within its errors.
    expect(gap(values, fit.coefficients)).toBeLessThan(3 * length(errors ?? []) + 1e-9)
    expect(Math.abs((figures?.r2 ?? 9) - fit.r2)).toBeLessThan(0.05)
    expect(Math.abs((surrogate?.intercept ?? 9) - fit.intercept)).toBeLessThan(0.1)
  })

  it('is the regression itself where all is run', async () => {
    const { all, payoffs, weights } = wholeNeighbourhood(3, tangled(3))
    const fit = ridge(momentsOf(all, payoffs, weights), [0, 1, 2], 1)
    const interpolation = createGameInterpolation(limeNeighbourhood(3).coefficients)
    interpolation.add(all, payoffs)
    expect(gap(inOne(interpolation.answer())?.values ?? [], fit.coefficients)).toBeLessThan(1e-9)
  })
})

describe('an interpolation', () => {
  it('has no answer until a line can be laid, then lays it exactly', () => {
    const weights = [1, -2, 0.5, 3]
    const payoff = additive(weights)
    const interpolation = createGameInterpolation(shapleyFunctional(4))
    const some = allCoalitions(4).filter((_, subset) => [0, 15, 1, 2, 4, 8, 7].includes(subset))
    interpolation.add(
      some.slice(0, 6),
      some.slice(0, 6).map((coalition) => payoff(Array.from(coalition, Boolean))),
    )
    expect(inOne(interpolation.answer())).toBeNull()
    interpolation.add(
      some,
      some.map((coalition) => payoff(Array.from(coalition, Boolean))),
    )
    expect(interpolation.known.length).toBe(7)
    const { values, errors } = inOne(interpolation.answer()) ?? { values: [], errors: [] }
    expect(gap(values, weights)).toBeLessThan(1e-6)
    expect(length(errors)).toBeLessThan(1e-5)
  })

  it('is exact when all is known', async () => {
    const [found, exact] = [await lastOf(interpolatedShapley, 5, tangled(5)), await lastOf(exactShapley, 5, tangled(5))]
    if (found.errors === null) expect(gap(found.values, exact.values)).toBeLessThan(1e-9)
    const one = await lastOf(interpolatedShapley, 1, additive([3]))
    expect([Array.from(one.values), one.errors, one.left]).toEqual([[3], null, 0])
    expect(gap((await lastOf(interpolatedShapley, 2, additive([1, 2], [0, 1], 4))).values, [3, 4])).toBeLessThan(1e-9)
  })
})

describe('a long calculation', () => {
  it('rests after so many multiplications, wherever it stands', async () => {
    let rests = 0
    const pause = async (): Promise<void> => void rests++
    const work = function* (...amounts: readonly number[]): Steps<string> {
      yield* amounts
      return 'done'
    }
    expect(await inSlices(work(1e6, 1e6), pause)).toBe('done')
    expect(rests).toBe(0)
    await inSlices(work(...new Array<number>(30).fill(1e6)), pause)
    // As long as 8 million: after 9, 18 and 27.
    expect(rests).toBe(3)
  })

  it('is the same in one and in slices', async () => {
    const [whole, sliced] = [0, 1].map(() => createGameInterpolation(shapleyFunctional(6)))
    const all = allCoalitions(6).filter((_, subset) => subset % 2 === 0)
    const payoffs = all.map((coalition) => tangled(6)(Array.from(coalition, Boolean)))
    whole?.add(all, payoffs)
    sliced?.add(all, payoffs)
    expect(whole && inOne(whole.answer())).toEqual(sliced && (await inSlices(sliced.answer(), async () => undefined)))
  })
})

describe('a long text', () => {
  it('has an answer of each method, with an end', async () => {
    const weights = Array.from({ length: 60 }, (_, player) => Math.sin(player))
    const [line, shares] = [await lastOf(lime(0), 60, additive(weights)), await lastOf(interpolatedShapley, 60, additive(weights))]
    expect([line.left, shares.left]).toEqual([0, 0])
    expect(gap(shares.values, weights)).toBeLessThan(1e-4)
    expect(rankCorrelation(line.values, weights)).toBeGreaterThan(0.99)
  })

  it.each([
    ['interpolated Shapley values', interpolatedShapley],
    ['LIME', lime(0)],
    ['KernelSHAP', kernelShap],
  ] as const)('has pauses while %s are worked out, in which a stop is heard', async (_, method) => {
    const stop = new AbortController()
    let [pauses, batches] = [0, 0]
    const game = gameOf(
      150,
      tangled(150),
      () => {
        batches++
        pauses = 0
      },
      () => {
        if (++pauses === 1) stop.abort(new Error('stopped'))
      },
    )
    const parts = async (): Promise<void> => {
      for await (const { left } of method(game, stop.signal)) expect(left).toBeGreaterThan(0)
    }
    await expect(parts()).rejects.toThrow('stopped')
    // Between two batches, not at the next one.
    expect([pauses, batches > 1]).toEqual([1, true])
  })
})

describe.each(REAL)('of the real game “$text”', ({ players, payoff }) => {
  it('LIME’s coefficients are those of all samples, in their order, and as stable as it says', async () => {
    const { values, errors, figures } = await lastOf(lime(0), players, payoff)
    const all = allCoalitions(players)
    const whole = valuesOf(limeNeighbourhood(players).coefficients, all, (coalition) => payoff(Array.from(coalition, Boolean)))
    expect(gap(values, whole)).toBeLessThan(0.1 * length(whole))
    expect(gap(values, whole)).toBeLessThan(2 * length(errors ?? []) + 1e-9)
    expect(rankCorrelation(values, whole)).toBeGreaterThan((figures?.stability ?? 9) - 0.15)
  })
})

describe('of real games together', () => {
  it('Shapley values take fewer payoffs than by orders or by regression', async () => {
    /** Payoffs after which answers stay within a twentieth of the exact one. */
    const enough = async (method: GameMethod): Promise<number> => {
      let total = 0
      for (const { players, payoff } of REAL) {
        const exact = (await lastOf(exactShapley, players, payoff)).values
        const played = await play(method, players, payoff)
        const late = played.findLastIndex(({ answer }) => !(gap(answer.values, exact) < 0.05 * length(exact)))
        total += played[late + 1]?.asked ?? 2 ** players
      }
      return total
    }
    const [interpolated, orders, regression] = [await enough(interpolatedShapley), await enough(sampledShapley), await enough(kernelShap)]
    console.info(`payoffs: ${interpolated} told, ${orders} by orders, ${regression} by regression`)
    expect(interpolated).toBeLessThan(0.15 * orders)
    expect(interpolated).toBeLessThan(0.2 * regression)
  })
})
