import { describe, expect, it } from 'vitest'
import type { Prediction } from '#answers/answer-kinds'
import type { Candidate } from '#answers/position-answer'
import type { AttributionTarget } from '#methods/attribution'
import { PREDICTION } from './state.fixture.ts'
import { targetProbability } from './target-probability.ts'

const target = (change: Partial<AttributionTarget>): AttributionTarget => ({ index: 7, foil: null, position: 3, space: 'score', ...change })

describe('how likely the target is', () => {
  const candidate = (id: number, logit: number, probability: number): Candidate => ({ id, piece: '', label: '', logit, probability })
  const tokens: Prediction = { kind: 'tokens', asks: 'next', positions: [{ position: 3, candidates: [candidate(1, 2, 0.5)], entropy: 1 }] }
  const of = (prediction: Prediction, change: Partial<AttributionTarget>, output: number | null = null) =>
    targetProbability({ prediction, chosen: null }, target(change), output)

  it('is what a classifier says', () => {
    expect(of(PREDICTION, { index: 1, position: null })).toBe(0.75)
  })

  it('is that of a listed token', () => {
    expect(of(tokens, { index: 1 })).toBe(0.5)
  })

  it('follows from the score of a token that is not listed, or from the number itself', () => {
    expect(of(tokens, {}, 2 - Math.log(10))).toBeCloseTo(0.05)
    expect(of(tokens, { space: 'probability' }, 0.01)).toBe(0.01)
    expect(of(tokens, { space: 'log-probability' }, Math.log(0.01))).toBeCloseTo(0.01)
  })

  it('is not made up where nothing tells it', () => {
    expect(of(tokens, {})).toBeNull()
    expect(of(tokens, { foil: 1 }, 2)).toBeNull()
    expect(of(tokens, { position: 2 }, 2)).toBeNull()
  })
})
