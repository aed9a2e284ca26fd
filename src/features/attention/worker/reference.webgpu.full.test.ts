// The sentences that are left.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flatten, largestGap, referenceSentences } from '#engine/testing/reference'
import { type ReferenceEngine, startReferenceEngine } from './testing/reference-engine.ts'

describe('the embedded model on WebGPU, drawn in software', () => {
  let engine: ReferenceEngine
  beforeAll(async () => {
    engine = await startReferenceEngine('webgpu')
  }, 300_000)
  afterAll(() => engine.end())

  it.each(referenceSentences.slice(1))('agrees with PyTorch on "$text"', { timeout: 60_000 }, async ({ text, ids, logits, attentions }) => {
    const answer = await engine.answer(text)
    expect(answer.ids).toEqual(ids)
    expect(largestGap(answer.logits, logits.data)).toBeLessThan(1e-3)
    expect(largestGap(flatten(answer.matrices), attentions.data)).toBeLessThan(1e-3)
  })
})
