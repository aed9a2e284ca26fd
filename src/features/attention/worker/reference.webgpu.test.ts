// One sentence; the others: reference.webgpu.full.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flatten, largestGap, referenceSentences } from '#engine/testing/reference'
import { type ReferenceEngine, startReferenceEngine } from './testing/reference-engine.ts'

describe('the embedded model on WebGPU, drawn in software', () => {
  let engine: ReferenceEngine
  beforeAll(async () => {
    engine = await startReferenceEngine('webgpu')
  }, 120_000)
  afterAll(() => engine.end())

  it('runs on WebGPU because the self-check agrees with WASM', () => {
    expect(engine.card.backend).toMatchObject({ backend: 'webgpu', reason: 'agrees-with-wasm' })
  })

  it.each(referenceSentences.slice(0, 1))(
    'agrees with PyTorch on "$text"',
    { timeout: 60_000 },
    async ({ text, ids, logits, attentions }) => {
      const answer = await engine.answer(text)
      expect(answer.ids).toEqual(ids)
      expect(largestGap(answer.logits, logits.data)).toBeLessThan(1e-3)
      expect(largestGap(flatten(answer.matrices), attentions.data)).toBeLessThan(1e-3)
    },
  )
})
