import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flatten, largestGap, referenceSentences } from '#engine/testing/reference'
import { type ReferenceEngine, startReferenceEngine } from './testing/reference-engine.ts'

describe('the embedded model on WASM, in a worker of a real browser', () => {
  let engine: ReferenceEngine
  beforeAll(async () => {
    engine = await startReferenceEngine('wasm')
  }, 60_000)
  afterAll(() => engine.end())

  it('says that WASM runs because it was chosen', () => {
    expect(engine.card.backend).toMatchObject({ backend: 'wasm', reason: 'chosen-by-reader' })
  })

  it.each(referenceSentences)('agrees with PyTorch on "$text"', async ({ text, ids, logits, attentions }) => {
    const answer = await engine.answer(text)
    expect(answer.ids).toEqual(ids)
    expect(largestGap(answer.logits, logits.data)).toBeLessThan(1e-4)
    expect(largestGap(flatten(answer.matrices), attentions.data)).toBeLessThan(1e-5)
  })
})
