// Methods that play games, against closed forms, each other, and the Python libraries.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import reference from '../../../fixtures/perturbation-reference.json'
import type { Coalition, Game, GameAnswer, GameMethod } from './game.ts'
import { additive, gameOf, lastAnswer, tangled } from './games.fixture.ts'
import { balanced, hierarchyOf, unitsOf } from './hierarchy.ts'
import { MOST_PAIRED_PLAYERS, pairInteractions } from './interaction.ts'
import { leaveOneOut, slidingWindow } from './leave-one-out.ts'
import { lime } from './lime/lime.ts'
import { limeFit } from './lime/lime-fit.ts'
import { momentsOf, ridge } from './lime/regression.ts'
import { exactShapley, MOST_EXACT_PLAYERS } from './shapley/exact-shapley.ts'
import { interpolatedShapley } from './shapley/interpolated-shapley.ts'
import { kernelShap } from './shapley/kernel-shap.ts'
import { partitionShapley } from './shapley/partition-shapley.ts'
import { sampledShapley } from './shapley/sampled-shapley.ts'

const never = new AbortController().signal

async function partsOf(method: GameMethod, game: Game): Promise<readonly GameAnswer[]> {
  const parts: GameAnswer[] = []
  for await (const part of method(game, never)) parts.push(part)
  return parts
}

const raise = (): never => {
  throw new Error('missing')
}
const sum = (values: Iterable<number>): number => Array.from(values).reduce((total, value) => total + value, 0)
const partition: GameMethod = (game, cancel) =>
  partitionShapley(balanced(Array.from({ length: game.players }, (_, player) => player)))(game, cancel)
/** All share out f(all) - f(none). */
const SHARING: readonly (readonly [string, GameMethod])[] = [
  ['exact', exactShapley],
  ['sampled', sampledShapley],
  ['kernel', kernelShap],
  ['interpolated', interpolatedShapley],
  ['partition', partition],
]

/** By the definition: the mean over all orders. */
function byOrders(players: number, payoff: (present: readonly boolean[]) => number): readonly number[] {
  const values = new Array<number>(players).fill(0)
  let orders = 0
  const go = (left: readonly number[], present: readonly boolean[]): void => {
    if (left.length === 0) orders++
    for (const player of left) {
      const after = present.map((there, at) => there || at === player)
      // A step is on the way of as many orders as the rest has.
      values[player] = (values[player] ?? 0) + (payoff(after) - payoff(present)) * factorial(left.length - 1)
      go(
        left.filter((other) => other !== player),
        after,
      )
    }
  }
  go(
    Array.from({ length: players }, (_, player) => player),
    new Array<boolean>(players).fill(false),
  )
  return values.map((value) => value / orders)
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

describe.each(SHARING)('%s Shapley values', (name, method) => {
  const values = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 7 })

  it('are what each brings where nothing depends on the others', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (weights) => {
        const found = await lastAnswer(method, gameOf(weights.length, additive(weights)))
        found.values.forEach((value, player) => {
          expect(value).toBeCloseTo(weights[player] ?? 0, 6)
        })
        expect(found.left).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('add up to what all bring, at every step', async () => {
    const parts = await partsOf(method, gameOf(6, tangled(6)))
    // The exact ones only when all coalitions are known.
    const whole = name === 'exact' ? parts.filter(({ left }) => left === 0) : parts
    expect(whole.length).toBeGreaterThan(0)
    for (const answer of whole) {
      expect(sum(answer.values)).toBeCloseTo(answer.expectedSum ?? 9, 6)
    }
  })

  it('share what two only bring together, and give nothing to who brings nothing', async () => {
    const { values: found, errors } = await lastAnswer(method, gameOf(4, additive([1, 2, 0, 0], [0, 1], 3)))
    const error = (player: number): number => 3 * (errors?.[player] ?? 0) + 1e-6
    // Symmetry: both wait for each other alike; dummies bring nothing.
    expect(Math.abs((found[0] ?? 9) - 2.5)).toBeLessThan(error(0))
    expect(Math.abs((found[1] ?? 9) - 3.5)).toBeLessThan(error(1))
    expect(Math.abs(found[2] ?? 9)).toBeLessThan(error(2))
    expect(Math.abs(found[3] ?? 9)).toBeLessThan(error(3))
  })
})

describe('exact Shapley values', () => {
  it('are the mean over all orders', async () => {
    const { values, errors } = await lastAnswer(exactShapley, gameOf(6, tangled(6)))
    byOrders(6, tangled(6)).forEach((value, player) => {
      expect(Math.abs((values[player] ?? 9) - value)).toBeLessThan(1e-9)
    })
    expect(errors).toBeNull()
  })

  it('ask for each coalition once, and refuse too many players', async () => {
    const game = gameOf(8, tangled(8))
    await lastAnswer(exactShapley, game)
    expect(game.asked()).toBe(256)
    await expect(
      lastAnswer(
        exactShapley,
        gameOf(MOST_EXACT_PLAYERS + 1, () => 0),
      ),
    ).rejects.toThrow(RangeError)
  })
})

describe.each([
  ['sampled', sampledShapley],
  ['kernel', kernelShap],
  ['interpolated', interpolatedShapley],
] as const)('%s Shapley values, which are estimates', (_, method) => {
  it('are within their 95 %% bands about as often as they say', async () => {
    let inside = 0
    let all = 0
    for (let shift = 0; shift < 18; shift++) {
      const payoff = (present: readonly boolean[]): number =>
        tangled(9)(present.map((__, at) => present[(at + shift) % 9] ?? false)) +
        Math.sin(shift) * Number(present[shift % 9] && present[(shift + 3) % 9])
      const truth = (await lastAnswer(exactShapley, gameOf(9, payoff))).values
      const { values, errors } = await lastAnswer(method, gameOf(9, payoff))
      values.forEach((value, player) => {
        all++
        if (Math.abs(value - (truth[player] ?? 9)) <= 1.96 * (errors?.[player] ?? 0) + 1e-9) inside++
      })
    }
    // With few samples, the spread itself is not sure.
    expect(inside / all).toBeGreaterThan(0.9)
  })

  it('come closer, and say what may be left', async () => {
    const parts = await partsOf(method, gameOf(10, tangled(10)))
    const length = (values: Float64Array | null | undefined): number => Math.hypot(...(values ?? []))
    const last = parts.at(-1)
    expect(length(last?.errors)).toBeLessThanOrEqual(0.05 * length(last?.values))
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.slice(0, -1).every(({ left }) => left > 0)).toBe(true)
    expect(last?.left).toBe(0)
  })
})

describe('partition', () => {
  it('stops at its limit, and shares out the rest equally', async () => {
    const game = gameOf(64, tangled(64))
    const { values, expectedSum } = await lastAnswer(partition, game)
    expect(game.asked()).toBeLessThanOrEqual(500)
    expect(sum(values)).toBeCloseTo(expectedSum ?? 9, 6)
  })

  it('has words in sentences, and pieces in words', () => {
    // Two pieces of the first word, then a word, and a sentence of one.
    expect(
      hierarchyOf(
        [
          [0, 0, 1, 2],
          [0, 0, 0, 1],
        ],
        4,
      ),
    ).toEqual([[[0, 1], 2], 3])
    expect(
      unitsOf(
        hierarchyOf(
          [
            [0, 1, 2],
            [0, 0, 1],
          ],
          3,
        ),
      ),
    ).toEqual([0, 1, 2])
    expect(hierarchyOf([[0], [0]], 1)).toBe(0)
  })
})

describe('leaving out', () => {
  it('tells what each unit alone is worth', async () => {
    const { values } = await lastAnswer(leaveOneOut, gameOf(3, additive([1, 2, 4], [0, 1], 3)))
    expect(Array.from(values)).toEqual([4, 5, 4])
  })

  it('takes neighbours together in a window, and averages over windows', async () => {
    const { values } = await lastAnswer(slidingWindow(2), gameOf(3, additive([1, 2, 4])))
    expect(Array.from(values)).toEqual([3, 4.5, 6])
    expect(Array.from((await lastAnswer(slidingWindow(5), gameOf(2, additive([1, 2])))).values)).toEqual([3, 3])
  })

  it('of pairs finds what two do together', async () => {
    let last: Float64Array | null = null
    for await (const part of pairInteractions(gameOf(3, additive([1, 2, 4], [0, 2], -3)), never)) last = part.values
    expect(Array.from(last ?? [])).toEqual([Number.NaN, 0, -3, 0, Number.NaN, 0, -3, 0, Number.NaN])
  })
})

describe('pairs', () => {
  it('of units that matter most alone come first, each once', async () => {
    const game = gameOf(8, additive([1, 7, 2, 6, 3, 5, 4, 0]))
    const parts: { readonly values: Float64Array; readonly left: number }[] = []
    for await (const part of pairInteractions(game, never)) parts.push(part)
    expect(parts.map(({ left }) => left)).toEqual([12, 0])
    expect(game.asked()).toBe(1 + 8 + 28)
    const isKnown = (one: number, other: number): boolean => !Number.isNaN(parts[0]?.values[8 * one + other])
    // 7 times 6 down to what half of the pairs reach; nobody is paired with who brings nothing.
    expect([isKnown(1, 3), isKnown(3, 1), isKnown(1, 4), isKnown(0, 2), isKnown(1, 7)]).toEqual([true, true, true, false, false])
    expect(parts[1]?.values.filter((value) => Number.isNaN(value)).length).toBe(8)
  })

  it('are refused where there are too many', async () => {
    const first = (players: number) =>
      pairInteractions(
        gameOf(players, () => 0),
        never,
      ).next()
    await expect(first(MOST_PAIRED_PLAYERS + 1)).rejects.toThrow(RangeError)
    expect((await first(MOST_PAIRED_PLAYERS)).done).toBe(false)
  })
})

describe('LIME', () => {
  it.each(reference.lime)('fits as the library does on the same samples: $r2', ({ samples, payoffs, coefficients, intercept, r2 }) => {
    const fit = limeFit(
      samples.map((text): Coalition => Uint8Array.from(text, Number)),
      payoffs,
      0,
    )
    coefficients.forEach((value, feature) => {
      expect(Math.abs((fit.coefficients[feature] ?? 9) - value)).toBeLessThan(1e-3)
    })
    expect(fit.intercept).toBeCloseTo(intercept, 3)
    expect(fit.r2).toBeCloseTo(r2, 3)
  })

  it.each(reference.lime)('chooses units as the library does: $r2', ({ samples, payoffs, chosen }) => {
    for (const { features, coefficients, intercept, r2 } of chosen) {
      const fit = limeFit(
        samples.map((text): Coalition => Uint8Array.from(text, Number)),
        payoffs,
        features,
      )
      coefficients.forEach((value, feature) => {
        expect(Math.abs((fit.coefficients[feature] ?? 9) - value)).toBeLessThan(1e-3)
      })
      expect([fit.intercept - intercept, fit.r2 - r2].every((gap) => Math.abs(gap) < 1e-3)).toBe(true)
    }
  })

  it('tells its samples, and what its line says of each', async () => {
    const weights = [1, -2, 0.5, 4]
    const { surrogate, values } = await lastAnswer(lime(2), gameOf(4, additive(weights)))
    expect(Array.from(values, Boolean)).toEqual([false, true, false, true])
    const { coalitions, outputs, fitted, weights: likeness, coefficients, intercept } = surrogate ?? raise()
    expect(Array.from(coalitions.subarray(0, 4))).toEqual([1, 1, 1, 1])
    expect([outputs[0], likeness[0]]).toEqual([3.5, 1])
    outputs.forEach((output, sample) => {
      const there = Array.from(coalitions.subarray(4 * sample, 4 * sample + 4))
      expect(output).toBeCloseTo(sum(there.map((present, player) => present * (weights[player] ?? 0))), 5)
      expect(fitted[sample]).toBeCloseTo(sum(there.map((present, player) => present * (coefficients[player] ?? 0))) + intercept, 5)
      expect(likeness[sample]).toBeLessThanOrEqual(1)
    })
  })

  it('finds an additive game, and says that it fits and is stable', async () => {
    const { values, figures } = await lastAnswer(lime(0), gameOf(4, additive([1, -2, 0.5, 4])))
    expect(figures?.r2).toBeGreaterThan(0.99)
    expect(figures?.stability).toBe(1)
    // The penalty draws everything a little to zero.
    expect(values[3]).toBeGreaterThan(3.5)
    expect(values[3]).toBeLessThan(4)
  })

  it('says where nothing is linear', async () => {
    const parity = gameOf(6, (present) => present.filter(Boolean).length % 2)
    expect((await lastAnswer(lime(0), parity)).figures?.r2).toBeLessThan(0.5)
  })
})

describe('ridge', () => {
  it('is least squares without a penalty', () => {
    const rows = [
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 1],
    ]
    const targets = rows.map(([one = 0, two = 0]) => 3 * one - 2 * two + 5)
    const moments = momentsOf(rows, targets, [1, 2, 1, 0.5])
    const fit = ridge(moments, [0, 1], 0)
    expect(Array.from(fit.coefficients, (value) => Number(value.toFixed(6)))).toEqual([3, -2])
    expect([fit.intercept, fit.r2].map((value) => Number(value.toFixed(6)))).toEqual([5, 1])
    // Of one feature alone: the slope within its own values.
    expect(Array.from(ridge(moments, [1], 0).coefficients)[0]).toBe(0)
  })
})
