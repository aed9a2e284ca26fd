// One sentence, since graphics in software take their time; the others, and a batch: gradients.webgpu.full.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import { largestGap } from '../testing/reference.ts'
import { answerOnly, type DifferentiatedModel, goldenGaps, goldenItems, startDifferentiated } from '../testing/reference-gradients.ts'

describe('gradients on WebGPU, drawn in software', () => {
  let model: DifferentiatedModel
  beforeAll(async () => {
    const file = await fetch('/models/minilm-sst2/onnx/model_quantized.onnx')
    const bytes = new Uint8Array(await file.arrayBuffer())
    model = await startDifferentiated(bytes, 'webgpu', new URL('/ort/', location.origin).href)
  }, 120_000)

  it.each(goldenItems.slice(0, 1))('agree with PyTorch on "$text"', { timeout: 120_000 }, async (item) => {
    const { norm, timesInput, attentions } = await goldenGaps(model, item)
    expect(norm).toBeLessThan(1e-3)
    expect(timesInput).toBeLessThan(1e-3)
    expect(attentions).toBeLessThan(1e-3)
  })

  it('leave the answer as it is', { timeout: 120_000 }, async () => {
    const [item] = goldenItems
    expect(largestGap((await answerOnly(model, item?.ids ?? []))?.data ?? [], item?.logits.data ?? [1])).toBeLessThan(1e-3)
  })
})
