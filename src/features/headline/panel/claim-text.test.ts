import { describe, expect, it } from 'vitest'
import type { Claim, Headline, Without } from '../api.ts'
import { claimText } from './claim-text.ts'

const POSITIVE = { index: 1, label: 'POSITIVE', probability: 0.99 }
const NEGATIVE = { index: 0, label: 'NEGATIVE', probability: 0.8 }
const NEUTRAL = { index: 2, label: 'NEUTRAL', probability: 0.7 }

const headline = (claim: Claim, drops: readonly number[] = [0.1, 3, -1]): Headline => ({
  units: [[1], [2], [3]],
  unit: 'word',
  drops: Float32Array.from(drops),
  removal: 'mask',
  output: 3,
  answer: POSITIVE,
  claim,
  left: 0,
})
const without = (units: readonly number[], answer = NEGATIVE, before = 0.2): Without => ({ units, removal: 'delete', answer, before })

describe('the words of a claim', () => {
  it('name the word and what is answered without it', () => {
    expect(claimText(headline({ kind: 'each', without: [without([1])] }))).toEqual({
      key: 'one',
      fillings: { words: { kind: 'words', units: [1] }, answer: { kind: 'answer', answer: NEGATIVE } },
    })
  })

  it('say of two words the weaker of two equal answers', () => {
    const surer = { ...NEGATIVE, probability: 0.95 }
    const { key, fillings } = claimText(headline({ kind: 'each', without: [without([1], surer), without([2])] }))
    expect([key, fillings.answer]).toEqual(['each', { kind: 'answer', answer: NEGATIVE }])
  })

  it('tell two answers apart', () => {
    expect(claimText(headline({ kind: 'each', without: [without([1]), without([2], NEUTRAL)] })).key).toBe('eachOther')
  })

  it('count what is beyond two', () => {
    const all = headline({ kind: 'each', without: [without([1]), without([2]), without([0])] })
    const { key, fillings } = claimText({ ...all, units: [...all.units, [4]] })
    expect([key, fillings.count]).toEqual(['many', { kind: 'count', value: 1 }])
    expect([fillings.first, fillings.second]).toEqual([1, 2].map((unit) => ({ kind: 'words', units: [unit] })))
    expect(claimText(all).key).toBe('every')
  })

  it('say how far the answer falls where nothing turns it over', () => {
    const claim = (before: number): Claim => ({ kind: 'none-alone', without: without([1], POSITIVE, before) })
    expect(claimText(headline(claim(0.8)))).toMatchObject({ key: 'noneAlone', fillings: { after: { value: 0.8 } } })
    expect(claimText(headline(claim(0.989))).key).toBe('noneAloneFlat')
    expect(claimText({ ...headline(claim(0.989)), unit: 'passage' }).key).toBe('noneAloneFlatPassage')
  })

  it('say how many words are known while others are to come', () => {
    const { key, fillings } = claimText(headline({ kind: 'unknown' }, [1, Number.NaN, Number.NaN]))
    expect([key, fillings]).toEqual(['measuring', { done: { kind: 'count', value: 1 }, all: { kind: 'count', value: 3 } }])
    expect(claimText(headline({ kind: 'unknown' })).key).toBe('searching')
  })

  it('name the strongest word of a number', () => {
    expect(claimText(headline({ kind: 'number' })).fillings.words).toEqual({ kind: 'words', units: [1] })
  })
})
