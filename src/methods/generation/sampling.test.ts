import { describe, expect, it } from 'vitest'
import { entropyOf } from '#tensor/softmax'
import { CUTS, cut, cutBy, drawn, probabilitiesAt, ranked, type SamplingRules } from './sampling.ts'

const LOGITS = [2, 1, 0.5, 0, -1]
const ALL: SamplingRules = { temperature: 1, topK: null, topP: null, minP: null, typical: null }

const tokens = ranked(probabilitiesAt(LOGITS, 1))
const kept = (name: (typeof CUTS)[number], limit: number): readonly number[] => Array.from(cut(tokens, name, limit).ids)

describe('probabilities', () => {
  it.each([
    [1, [0.5630212318, 0.2071239361, 0.1256270176, 0.0761966379, 0.0280311766]],
    [0.5, [0.829244644, 0.1122260588, 0.0412856598, 0.0151881455, 0.002055492]],
    [2, [0.3745449073, 0.2271729697, 0.1769224867, 0.1377873712, 0.0835722651]],
  ])('at temperature %f', (temperature, right) => {
    const found = Array.from(probabilitiesAt(LOGITS, temperature))
    expect(found).toHaveLength(right.length)
    for (const [at, probability] of right.entries()) expect(found[at]).toBeCloseTo(probability, 9)
  })

  it('have the entropy of the closed form', () => {
    expect(entropyOf(tokens.probabilities)).toBeCloseTo(1.2064892076, 9)
    expect(entropyOf(tokens.probabilities) / Math.LN2).toBeCloseTo(1.7405959967, 9)
  })

  it('are ranked, equal ones by id', () => {
    expect(Array.from(ranked(Float64Array.of(0.2, 0.4, 0.2, 0.2)).ids)).toEqual([1, 0, 2, 3])
  })
})

describe('cuts', () => {
  it('top-k keeps so many', () => {
    expect(kept('topK', 2)).toEqual([0, 1])
    expect(kept('topK', 9)).toEqual([0, 1, 2, 3, 4])
  })

  it('top-p keeps the fewest that reach the mass', () => {
    expect(kept('topP', 0.5)).toEqual([0])
    expect(kept('topP', 0.8)).toEqual([0, 1, 2])
    expect(kept('topP', 0.9)).toEqual([0, 1, 2, 3])
    expect(kept('topP', 0)).toEqual([0])
    expect(kept('topP', 1)).toEqual([0, 1, 2, 3, 4])
  })

  it('min-p keeps those near the most likely one', () => {
    expect(kept('minP', 0.1)).toEqual([0, 1, 2, 3])
    expect(kept('minP', 0.3)).toEqual([0, 1])
    expect(kept('minP', 0.5)).toEqual([0])
  })

  it('typical keeps those whose surprise is nearest to the entropy', () => {
    // Surprises 0.574, 1.574, 2.074, 2.574, 3.574 against 1.206: distances 0.632, 0.368, 0.868, 1.368, 2.368.
    expect(kept('typical', 0.2)).toEqual([1])
    expect(kept('typical', 0.7)).toEqual([0, 1])
    expect(kept('typical', 0.8)).toEqual([0, 1, 2])
  })

  it('leave a distribution', () => {
    for (const name of CUTS) {
      const left = cut(tokens, name, name === 'topK' ? 3 : 0.4)
      expect(left.probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12)
    }
  })

  it('are applied one after the other', () => {
    expect(Array.from(cutBy(tokens, { ...ALL, topK: 3, topP: 0.9 }).ids)).toEqual([0, 1, 2])
    // Of the two that are left, the first has 0.731.
    expect(Array.from(cutBy(tokens, { ...ALL, topK: 2, topP: 0.7 }).ids)).toEqual([0])
    expect(cutBy(tokens, ALL)).toBe(tokens)
  })
})

it('a draw goes by the cumulative probability', () => {
  expect([0, 0.563, 0.5631, 0.77, 0.7702, 0.999999].map((uniform) => drawn(tokens, uniform))).toEqual([0, 0, 1, 1, 2, 4])
  expect(drawn({ ids: Uint32Array.of(7), probabilities: Float64Array.of(0.9) }, 0.95)).toBe(7)
})
