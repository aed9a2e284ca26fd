// Example sentences of the embedded classifier have small changes that turn its answer over: one in English, one in Chinese.
// Every one: example-counterfactuals.full.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import { EXAMPLES } from '#catalogue/examples'
import type { LoadedModel } from '#engine/model/model'
import { createSchedule } from '#engine/passes/schedule'
import { viewTarget } from '#engine/passes/target-view'
import { never } from '#engine/testing/toy-model.fixture'
import type { AttributionTarget } from '#methods/attribution'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { findCounterfactuals } from './find-counterfactuals.ts'
import { classOf, labelOf, searchClassifier } from './testing/search-counterfactuals.ts'

describe('examples of the classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  const texts = ['The film is bad at all.', '这部电影一点也不差。']

  it('are examples', () => expect(EXAMPLES.classifier.flatMap(({ a, b }) => [a, b])).toEqual(expect.arrayContaining(texts)))

  it.each(texts)('are answered otherwise after each change that is found for “%s”', { timeout: 60_000 }, async (text) => {
    const { state, target, after } = await searchClassifier(model, text)
    expect(state.found.length).toBeGreaterThan(0)
    expect(state.found.every(({ margin }) => margin < 0)).toBe(true)
    expect(after.map(classOf)).not.toContain(target)
    expect(state.found.map(({ answer }) => answer?.label)).toEqual(after.map(labelOf))
  })

  it('finds no change for a target that is not the answer', async () => {
    const target: AttributionTarget = { index: 0, foil: null, position: null, space: 'score' }
    const row = model.tokenizer.encode('The film is not bad at all.')
    const question = { target, goal: 'flip' as const, moves: ['delete' as const] }
    const search = findCounterfactuals(
      model,
      viewTarget(model, row, target),
      (await model.run(row)).prediction,
      question,
      { row: () => row, answer: async () => null },
      createSchedule(),
      never,
      () => undefined,
    )
    await expect(search).rejects.toMatchObject({ kind: 'already-turned' })
  })
})
