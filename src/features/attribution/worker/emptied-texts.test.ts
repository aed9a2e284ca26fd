// Games of texts that nothing is left of when all units go, and of those that keep the tokenizer's own tokens.

import { describe, expect, it } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { TargetPasses } from '#engine/passes/forward-passes'
import { createSchedule } from '#engine/passes/schedule'
import { gameOf, type TargetView, turnsOf } from '#engine/passes/target-view'
import { rowOf } from '#engine/testing/run.fixture'
import { never } from '#engine/testing/toy-model.fixture'
import { pairInteractions } from '#methods/games/interaction'
import { attribute } from './attribute.ts'

const TARGET = { index: 0, foil: null, position: null, space: 'score' } as const
const OPTIONS = { ...DEFAULT_OPTIONS, removal: 'delete' } as const

/** A model whose answer is the number of tokens, and which cannot be asked about none. */
const counting: TargetPasses = {
  answers: async () => [],
  outputs: async (rows) => {
    if (rows.some(({ ids }) => ids.length === 0)) throw new Error('no tokens')
    return Float64Array.from(rows, ({ ids }) => ids.length)
  },
  batches: () => [],
  passes: () => 0,
  know: () => undefined,
}
/** @param own whether the tokenizer adds tokens of its own */
function seen(text: string, own: boolean): TargetView {
  const row = rowOf(text)
  const tokens = own ? row.tokens : row.tokens.filter(({ source }) => source !== 'template')
  return {
    row: { ...row, tokens },
    gradients: null,
    embeddings: null,
    states: null,
    forward: counting,
    removals: { mask: null, pad: null, neighbour: null, labelOf: String },
  }
}
const explained = (method: AttributionMethodId, text: string, own = false) =>
  attribute(seen(text, own), { method, target: TARGET, options: OPTIONS, reference: null }, createSchedule(), never, () => undefined)

const SHARING = ['exact-shapley', 'sampled-shapley', 'kernel-shap', 'interpolated-shapley', 'partition-shapley'] as const

describe('where no token is the tokenizer’s own', () => {
  it.each(SHARING)('%s share out what the first token does not do alone, and say so', async (method) => {
    const { values, expectedSum, output, doubts } = await explained(method, 'one two three')
    expect(doubts).toEqual(['first-token-stays'])
    expect([output, expectedSum]).toEqual([3, 2])
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(2, 6)
    // Whoever joins first brings nothing, as nobody is a text of one token already: each is as often first, but in parts of a text.
    if (method !== 'partition-shapley') for (const value of values) expect(value).toBeCloseTo(2 / 3, 6)
  })

  it('LIME says so, too; leaving out says so where it leaves nothing', async () => {
    expect((await explained('lime', 'one two three')).doubts).toEqual(['first-token-stays'])
    expect((await explained('leave-one-out', 'one two three')).doubts).toEqual([])
    expect(await explained('leave-one-out', 'one')).toMatchObject({ values: Float32Array.of(0), doubts: ['first-token-stays'] })
    expect(await explained('sliding-window', 'one two')).toMatchObject({ values: Float32Array.of(1, 1), doubts: ['first-token-stays'] })
  })

  it('pairs say so of two units only', async () => {
    for (const [text, kept] of [
      ['one two', true],
      ['one two three', false],
    ] as const) {
      const game = await gameOf(seen(text, false), TARGET, OPTIONS, turnsOf(createSchedule(), 'background'), never)
      for await (const { left } of pairInteractions(game, never)) expect(left).toBe(0)
      expect(game.keptFirst()).toBe(kept)
    }
  })
})

describe('where the tokenizer’s own tokens stay', () => {
  it.each(SHARING)('%s share out all, without a doubt', async (method) => {
    const { values, expectedSum, doubts } = await explained(method, 'one two three', true)
    expect([expectedSum, doubts]).toEqual([3, []])
    for (const [at, value] of values.entries()) expect(value).toBeCloseTo([0, 1, 1, 1, 0][at] ?? 9, 6)
  })
})
