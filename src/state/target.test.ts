// What is explained: the answer itself, what the settings name, or a chosen token of a language model.

import { describe, expect, it } from 'vitest'
import type { Prediction } from '#answers/answer-kinds'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import { answerOf } from './state.fixture.ts'
import { answerBesideTarget, gradientSpace, targetChoices, targetOf } from './target.ts'

const settings = (change: Partial<Settings> = {}): Settings => ({ ...INITIAL_SETTINGS, ...change })
const candidate = (id: number, label: string) => ({ id, piece: label, label, logit: 1, probability: 0.5 })
const tokens = (asks: 'next' | 'fill', position: number): Prediction => ({
  kind: 'tokens',
  asks,
  positions: [{ position, candidates: [candidate(7, ' Paris'), candidate(9, ' Rome')], entropy: 1 }],
})

describe('the target of a classifier', () => {
  it('is its answer, or what is chosen, with what it is compared with', () => {
    const answer = answerOf('not bad')
    expect(targetOf(settings(), answer, null)).toEqual({ index: 1, foil: null, position: null, space: 'score' })
    expect(targetOf(settings({ target: 0, foil: 1, targetSpace: 'probability' }), answer, null)).toEqual({
      index: 0,
      foil: 1,
      position: null,
      space: 'probability',
    })
    // A link of a larger model names classes that this one has not.
    expect(targetOf(settings({ target: 5 }), answer, null)?.index).toBe(1)
  })
})

describe('a target that is not the answer', () => {
  it('has the answer named beside it; the answer itself has nothing', () => {
    const answer = answerOf('not bad')
    expect(answerBesideTarget(settings(), answer, null)).toBeNull()
    expect(answerBesideTarget(settings({ target: 1 }), answer, null)).toBeNull()
    expect(answerBesideTarget(settings({ target: 0 }), answer, null)).toBe(1)
    expect(answerBesideTarget(settings({ target: 5 }), answer, null)).toBeNull()
  })
})

describe('the target of a language model', () => {
  const answer = answerOf('the capital is', { prediction: tokens('next', 4) })
  const own = answer.row.tokens[2]

  it('is what comes next, where no token is chosen', () => {
    expect(targetOf(settings(), answer, null)).toMatchObject({ index: 7, position: 4 })
    expect(targetChoices(settings(), answer, null).map(({ index }) => index)).toEqual([7, 9])
  })

  it('is the chosen token itself, from what stands before it', () => {
    expect(targetOf(settings(), answer, 2)).toMatchObject({ index: own?.id, position: 1 })
    expect(targetChoices(settings(), answer, 2)).toEqual([{ index: own?.id, label: 'capital' }])
    // The first token has nothing before it.
    expect(targetOf(settings(), answer, 0)).toBeNull()
  })

  it('is what comes after the chosen token, where that is asked for and known', () => {
    const after = settings({ explains: 'after' })
    expect(targetOf(after, answer, 2)).toBeNull()
    const chosen = { position: 2, candidates: [candidate(3, ' of')], entropy: 1 }
    expect(targetOf(after, { ...answer, chosen }, 2)).toMatchObject({ index: 3, position: 2 })
  })

  it('that fills in is asked about the place itself', () => {
    const masked = answerOf('the [MASK] is', { prediction: tokens('fill', 2) })
    expect(targetOf(settings(), masked, null)).toMatchObject({ index: 7, position: 2 })
    const chosen = { position: 1, candidates: [candidate(4, 'a')], entropy: 1 }
    expect(targetOf(settings(), { ...masked, chosen }, 1)).toMatchObject({ index: 4, position: 1 })
  })
})

describe('the number of a target', () => {
  it('is a share where there are shares, of which a vocabulary has no gradients', () => {
    const shares = settings({ targetSpace: 'probability' })
    const language = answerOf('the capital is', { prediction: tokens('next', 2) })
    expect(targetOf(shares, language, null)).toMatchObject({ index: 7, space: 'probability' })
    expect(gradientSpace(language, 'probability')).toBe('score')
    expect(targetOf(shares, answerOf('not bad'), null)).toMatchObject({ space: 'probability' })
    expect(gradientSpace(answerOf('not bad'), 'probability')).toBe('probability')
  })
})
