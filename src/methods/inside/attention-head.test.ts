// One head recomputed, on cases that are worked out by hand.

import { describe, expect, it } from 'vitest'
import { type HeadTensors, headGroup, recomputeHead } from './attention-head.ts'

/** Two tokens of width 2, causal: the first sees itself, the second both, with weights 1/3 and 2/3. */
const third = Math.log(2)
const CAUSAL: HeadTensors = {
  tokens: 2,
  query: Float32Array.of(1, 1, 2, 0),
  key: Float32Array.of(0, 3, third, 5),
  value: Float32Array.of(3, 0, 0, 6),
  // Half of 2 x 0 and of 2 x ln 2.
  scores: Float32Array.of(1.5, Number.NEGATIVE_INFINITY, 0, third),
  weights: Float32Array.of(1, 0, 1 / 3, 2 / 3),
  output: Float32Array.of(3, 0, 1, 4),
  factor: 0.5,
  cap: null,
}

describe('a head', () => {
  it('is softmax(f q.k + mask) v', () => {
    const found = recomputeHead(CAUSAL, 1e-4)
    expect(found.form).toBe('plain')
    expect(Array.from(found.products)).toEqual([3, expect.closeTo(third + 5, 5), 0, expect.closeTo(2 * third, 6)])
    expect(Array.from(found.masked)).toEqual([0, 1, 0, 0])
    expect(found.weights[2]).toBeCloseTo(1 / 3, 7)
    expect(found.gaps.weights).toBeLessThan(1e-7)
    expect(found.gaps.output).toBeLessThan(1e-7)
  })

  it('shows what is added to the scores', () => {
    const found = recomputeHead({ ...CAUSAL, scores: Float32Array.of(1.5, -1e4, 1, third) }, 1e-4)
    expect(found.form).toBe('biased')
    expect(found.added[2]).toBeCloseTo(1, 6)
    expect(found.added[1]).toBe(Number.NEGATIVE_INFINITY)
    // The weights are not those of these scores, and that is seen.
    expect(found.gaps.weights).toBeGreaterThan(0.1)
  })

  it('takes the model’s own scores where it does something else to q.k', () => {
    const found = recomputeHead({ ...CAUSAL, factor: null }, 1e-4)
    expect([found.form, found.gaps.weights < 1e-7]).toEqual(['unknown', true])
  })

  it('is softmax(c tanh(f q.k / c) + mask) v where scores are capped', () => {
    const cap = 0.75
    const [first, second] = [cap * Math.tanh(1.5 / cap), cap * Math.tanh(third / cap)]
    const [one, two] = [1 / (1 + Math.exp(second)), Math.exp(second) / (1 + Math.exp(second))]
    const capped = {
      ...CAUSAL,
      cap,
      scores: Float32Array.of(first, Number.NEGATIVE_INFINITY, 0, second),
      weights: Float32Array.of(1, 0, one, two),
      output: Float32Array.of(3, 0, 3 * one, 6 * two),
    }
    const found = recomputeHead(capped, 1e-4)
    expect(found.form).toBe('plain')
    expect(Math.max(found.gaps.weights, found.gaps.output)).toBeLessThan(1e-6)
    expect(recomputeHead({ ...capped, cap: null }, 1e-4).form).toBe('biased')
  })

  it('leaves a share to a sink that is no token', () => {
    const scores = Float32Array.of(1.5, Number.NEGATIVE_INFINITY, 1.5, 0, third, Math.log(3))
    const weights = Float32Array.of(0.5, 0, 1 / 6, 1 / 3)
    const found = recomputeHead({ ...CAUSAL, scores, weights, output: Float32Array.of(1.5, 0, 0.5, 2) }, 1e-4)
    expect([found.form, found.keys]).toEqual(['plain', 2])
    expect(found.gaps.weights).toBeLessThan(1e-7)
    expect(found.gaps.output).toBeLessThan(1e-7)
  })

  it('does not agree with what is no number', () => {
    expect(recomputeHead({ ...CAUSAL, weights: Float32Array.of(1, 0, Number.NaN, 1) }, 1e-4).gaps.weights).toBeNaN()
  })
})

describe('the group of a head', () => {
  const key = Float32Array.of(1, 2, 1, 2, 3, 4, 3, 4)
  it('has the same keys and values', () => {
    expect(headGroup(key, key, 4, 4, 3)).toEqual({ count: 2, index: 1, heads: [2, 3] })
    expect(headGroup(key, Float32Array.of(1, 2, 1, 2, 3, 4, 3, 5), 4, 4, 3)).toEqual({ count: 3, index: 2, heads: [3] })
    expect(headGroup(Float32Array.of(1, 2), Float32Array.of(1, 2), 4, 1, 3)).toEqual({ count: 1, index: 0, heads: [0, 1, 2, 3] })
  })
})
