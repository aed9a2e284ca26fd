// Every example of the classifier has changes that turn its answer over, and those of the embedded language model deletions that halve how
// likely its next token is.

import { beforeAll, describe, expect, it } from 'vitest'
import { EXAMPLES, examplesFor } from '#catalogue/examples'
import type { LoadedModel } from '#engine/model/model'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { classOf, nextOf, searchClassifier, searchText, shareOf } from './testing/search-counterfactuals.ts'

const LONGEST = 120

describe('examples of the classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 300_000)

  // The longest example takes as long as all others together.
  const texts = EXAMPLES.classifier.flatMap(({ a, b }) => (b === null ? [a] : [a, b])).filter((text) => text.length <= LONGEST)
  it.each(texts)('are answered otherwise after each change that is found for “%s”', { timeout: 600_000 }, async (text) => {
    const { state, target, after } = await searchClassifier(model, text)
    expect(state.found.length).toBeGreaterThan(0)
    expect(state.found.every(({ margin }) => margin < 0)).toBe(true)
    expect(after.map(classOf)).not.toContain(target)
  })
})

describe('examples of SmolLM2', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/smollm2-135m-instruct')).model
  }, 300_000)

  const texts = examplesFor('causal-lm', { maskToken: null, separatorToken: null }).flatMap(({ a, b }) => (b === null ? [a] : [a, b]))
  it.each(texts)('lose half of the next token’s probability by each deletion that is found in “%s”', { timeout: 600_000 }, async (text) => {
    const { state, target, before, after } = await searchText(model, text, { goal: 'halve', moves: ['delete'] }, (prediction) => {
      const { position, candidates } = nextOf(prediction)
      return { index: candidates[0]?.id ?? -1, position }
    })
    expect(state.found.length).toBeGreaterThan(0)
    for (const read of after) expect(shareOf(read, target)).toBeLessThan(shareOf(before, target) / 2)
  })
})
