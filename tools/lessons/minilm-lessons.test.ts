// What lessons claim of the embedded classifier is true, and their exercises tell right from wrong.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LESSON_IDS } from '#catalogue/lessons'
import type { Measure } from '#lessons/measure'
import { faultsOf, loadLesson, openMeasure } from './check-lesson.ts'

describe('lessons about the classifier', () => {
  let opened: { readonly measure: Measure; readonly release: () => Promise<void> }
  beforeAll(async () => {
    opened = await openMeasure('minilm-sst2')
  }, 60_000)
  afterAll(() => opened.release())

  it.each(LESSON_IDS)('%s is true', { timeout: 60_000 }, async (id) => {
    const lesson = await loadLesson(id)
    if (lesson.model === 'minilm-sst2') expect(await faultsOf(id, lesson, opened.measure)).toEqual([])
  })

  it('a claim that is false is found', async () => {
    const lesson = await loadLesson('attention')
    const [step] = lesson.steps
    if (!step) throw new Error('the lesson has no step')
    const wrong = { ...step, find: async (measure: Measure) => ({ ...(await step.find(measure)), holds: false, numbers: {} }) }
    const faults = await faultsOf('attention', { ...lesson, steps: [wrong], exercises: [] }, opened.measure)
    expect(faults.map((fault) => fault.split(':')[1])).toEqual([
      ' the model does otherwise',
      ' {weight} is not measured',
      ' {weight} is not measured',
    ])
  })
})
