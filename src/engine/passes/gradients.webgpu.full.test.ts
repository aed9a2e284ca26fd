// Every sentence, and a batch of embeddings.

import { beforeAll, describe, expect, it } from 'vitest'
import {
  type DifferentiatedModel,
  differentiate,
  goldenGaps,
  goldenItems,
  startDifferentiated,
  targetOf,
} from '../testing/reference-gradients.ts'
import { relativeGap } from '../testing/relative-gap.ts'

describe('gradients on WebGPU, drawn in software', () => {
  let model: DifferentiatedModel
  beforeAll(async () => {
    const file = await fetch('/models/minilm-sst2/onnx/model_quantized.onnx')
    const bytes = new Uint8Array(await file.arrayBuffer())
    model = await startDifferentiated(bytes, 'webgpu', new URL('/ort/', location.origin).href)
  }, 300_000)

  it.each(goldenItems.slice(1))('agree with PyTorch on "$text"', { timeout: 120_000 }, async (item) => {
    const { norm, timesInput, attentions } = await goldenGaps(model, item)
    expect(norm).toBeLessThan(1e-3)
    expect(timesInput).toBeLessThan(1e-3)
    expect(attentions).toBeLessThan(1e-3)
  })

  it('are those of each element of a batch of fed embeddings', { timeout: 120_000 }, async () => {
    const ids = goldenItems[0]?.ids ?? []
    const { gradient, embeddings } = await differentiate(model, ids, targetOf([0, 1]))
    const { dims, data } = embeddings
    const half = data.map((value) => value / 2)
    const both = { dims: [2, ...dims.slice(1)], data: Float32Array.of(...half, ...data) }
    const found = await differentiate(model, ids, targetOf([0, 1]), both)
    expect(relativeGap(found.gradient.data.subarray(data.length), gradient.data)).toBeLessThan(1e-3)
    expect(relativeGap(found.gradient.data.subarray(0, data.length), gradient.data)).toBeGreaterThan(1e-2)
  })
})
