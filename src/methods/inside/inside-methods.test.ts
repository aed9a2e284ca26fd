// What is read inside a model, on cases that are worked out by hand.

import { describe, expect, it } from 'vitest'
import { runOf } from '#methods/attention/attention-run.fixture'
import { copyingScore, headsOnTokens } from './copying.ts'
import { fullGradient, heldGradient, holdNorm, readNorm } from './final-norm.ts'
import { headRoles } from './head-roles.ts'
import { gapOfSum, logitShares, sumOfShares } from './logit-attribution.ts'
import { readStates } from './logit-lens.ts'

describe('copying', () => {
  const axes = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)]

  it('is the share of tokens that a head raises above the others itself', () => {
    expect(copyingScore(axes, axes)).toBe(1)
    expect(copyingScore(axes.toReversed(), axes)).toBeCloseTo(1 / 3)
    expect(copyingScore([...axes.slice(1), ...axes.slice(0, 1)], axes)).toBe(0)
    // A tie is no copy, and one token has no others.
    expect(copyingScore([Float32Array.of(1, 1, 0), ...axes.slice(1)], axes)).toBeCloseTo(2 / 3)
    expect(copyingScore(axes.slice(0, 1), axes.slice(0, 1))).toBeNaN()
  })

  it('is asked with each value in the place of its head, or the one that all share', () => {
    const rows = headsOnTokens(Float32Array.of(1, 2, 3, 4), 2, 2, 1, [0, 1])
    expect(Array.from(rows)).toEqual([1, 0, 2, 0, 0, 3, 0, 4, 0, 0])
    expect(Array.from(headsOnTokens(Float32Array.of(5, 6), 2, 2, 1, [1]))).toEqual([6, 0, 0, 6, 0, 0])
  })
})

describe('head roles', () => {
  /** The third token is the first again, the fourth the second. */
  const ids = [7, 8, 7, 8]
  const previous = [1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
  const copy = [1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
  const behind = [1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.2, 0.8, 0, 0, 0, 0.395, 0.6, 0.005]

  it('say who looks at the token before, at copies and right behind them', () => {
    const found = headRoles(runOf(4, previous, copy, behind), ids, [false, true, false, false])
    const rounded = (values: Float32Array) => Array.from(values, (value) => Number(value.toFixed(4)))
    expect(found.copies).toBe(2)
    expect(rounded(found.previousToken)).toEqual([1, 0, Number(((0.5 + 0.8 + 0.6) / 3).toFixed(4))])
    expect(rounded(found.duplicateToken)).toEqual([0, 1, Number(((0.2 + 0.395) / 2).toFixed(4))])
    // The head of the token before looks behind the copy at every other step here.
    expect(rounded(found.induction)).toEqual([1, 0, 0.7])
    expect(rounded(found.self)).toEqual([0.25, 0.5, Number(((1 + 0.5 + 0 + 0.005) / 4).toFixed(4))])
    expect(rounded(found.firstToken)).toEqual([0.5, 0.5, Number(((1 + 0.5 + 0.2) / 4).toFixed(4))])
    expect(rounded(found.delimiters)).toEqual([0.25, 0.5, Number(((0.5 + 0.8 + 0.395) / 4).toFixed(4))])
    expect(rounded(found.distance)).toEqual([0.75, 1, Number(((0.5 + 0.4 + 0.8 + 0.79 + 0.6) / 4).toFixed(4))])
    expect(found.entropy[0]).toBe(0)
    expect(found.entropy[2]).toBeGreaterThan(0.3)
  })

  it('leave out of induction what is below a hundredth', () => {
    const faint = [1, 0, 0, 0, 1, 0, 0, 0, 0.991, 0.009, 0, 0, 1, 0, 0, 0]
    expect(headRoles(runOf(4, faint), ids, []).induction[0]).toBe(0)
  })

  it('are no numbers where no token stands twice', () => {
    const found = headRoles(runOf(4, previous), [1, 2, 3, 4], [])
    expect([found.copies, found.induction[0], found.duplicateToken[0]]).toEqual([0, Number.NaN, Number.NaN])
    expect(found.previousToken[0]).toBe(1)
  })
})

describe('the logit lens', () => {
  it('gives the top token, its probability, entropy, the way to the final row, and ranks', () => {
    const half = Math.log(2)
    // (1/4, 1/4, 1/2) and then (1/2, 1/4, 1/4).
    const [first, last] = readStates(Float32Array.of(0, 0, half, 1 + half, 1, 1), 3, [0])
    expect(first?.top).toBe(2)
    expect(first?.probability).toBeCloseTo(0.5, 6)
    expect(first?.entropy).toBeCloseTo(1.5 * half, 6)
    // sum p ln(p / q) = 1/2 ln 2 + 1/4 ln 1 + 1/4 ln 1/2
    expect(first?.divergence).toBeCloseTo(0.25 * half, 6)
    expect(first?.asked[0]?.rank).toBe(2)
    expect(first?.asked[0]?.logProbability).toBeCloseTo(Math.log(0.25), 6)
    expect([last?.top, last?.divergence, last?.asked[0]?.rank]).toEqual([0, 0, 1])
  })
})

describe('the final norm', () => {
  const gain = [2, -1, 0.5, 3]
  const shift = [0.1, 0, -0.2, 1]
  const state = [3, -1, 2, 0.5]
  const normOf = (x: readonly number[], isCentred: boolean): readonly number[] => {
    const mean = isCentred ? x.reduce((sum, value) => sum + value, 0) / x.length : 0
    const moved = x.map((value) => value - mean)
    const scale = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0) / x.length + 1e-6)
    return moved.map((value, at) => (value / scale) * (gain[at] ?? 0) + (shift[at] ?? 0))
  }
  const axes = [0, 1, 2, 3].map((axis) => [0, 1, 2, 3].map((at) => (at === axis ? 64 : 0)))

  it.each([true, false])('is read off vectors along the axes; centred: %s', (isCentred) => {
    const found = readNorm(Float32Array.from([...axes, [0, 0, 0, 0]].flatMap((x) => normOf(x, isCentred))), 4, 64)
    expect(found.isCentred).toBe(isCentred)
    for (const [at, value] of gain.entries()) expect(found.gain[at]).toBeCloseTo(value, 5)
    for (const [at, value] of shift.entries()) expect(found.shift[at]).toBeCloseTo(value, 5)
    const held = holdNorm(found, Float32Array.from(state), Float32Array.from(normOf(state, isCentred)))
    expect(held.error).toBeLessThan(1e-5)
    const direction = Float32Array.of(1, 2, -1, 0.5)
    const value = (x: readonly number[]) => normOf(x, isCentred).reduce((sum, one, at) => sum + one * (direction[at] ?? 0), 0)
    const slope = heldGradient(held, direction)
    const constant = shift.reduce((sum, one, at) => sum + one * (direction[at] ?? 0), 0)
    expect(state.reduce((sum, one, at) => sum + one * (slope[at] ?? 0), 0) + constant).toBeCloseTo(value(state), 4)
    // The gradient through the norm is that of differences.
    for (const [at, own] of fullGradient(held, direction, Float32Array.from(state)).entries()) {
      const moved = (by: number) => value(state.map((one, place) => (place === at ? one + by : one)))
      expect(own).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 3)
    }
  })

  it('is seen not to be one', () => {
    const found = readNorm(Float32Array.from([...axes, [0, 0, 0, 0]].flatMap((x) => normOf(x, false))), 4, 64)
    expect(holdNorm(found, Float32Array.from(state), Float32Array.of(1, 1, 1, 1)).error).toBeGreaterThan(0.1)
  })
})

it('shares of a logit are products with its gradient, and their sum is told from the state', () => {
  const parts = {
    embedding: Float32Array.of(1, 0),
    heads: [[Float32Array.of(0, 2), Float32Array.of(-1, 1)]],
    biases: [Float32Array.of(0.5, 0)],
    mlps: [Float32Array.of(1, 1)],
  }
  const shares = logitShares(parts, Float32Array.of(2, 3))
  expect(shares).toEqual({ embedding: 2, heads: [[6, 1]], biases: [1], mlps: [5] })
  expect(sumOfShares(shares)).toBe(15)
  expect(gapOfSum(parts, Float32Array.of(1.5, 4))).toBe(0)
  expect(gapOfSum(parts, Float32Array.of(1.5, 5))).toBeCloseTo(0.2)
})
