// Example sentences of the embedded classifier have small changes that turn its answer over: one in English, one in Chinese.
// Every one: example-counterfactuals.full.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import { openModelFolder } from '../../tools/model-folder.ts'
import { EXAMPLES } from '../panels/sentence/examples.ts'
import type { LoadedModel } from './model/model.ts'
import { classOf, searchClassifier } from './testing/counterfactuals.fixture.ts'

describe('examples of the classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  const texts = ['The film is bad at all.', '这部电影一点也不差。']

  it('are examples', () => expect(EXAMPLES.flatMap(({ a, b }) => [a, b])).toEqual(expect.arrayContaining(texts)))

  it.each(texts)('are answered otherwise after each change that is found for “%s”', { timeout: 60_000 }, async (text) => {
    const { state, target, after } = await searchClassifier(model, text)
    expect(state.found.length).toBeGreaterThan(0)
    expect(state.found.every(({ margin }) => margin < 0)).toBe(true)
    expect(after.map(classOf)).not.toContain(target)
  })
})
