// The embedded classifier's gradients in Node, on WebAssembly.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { softmax } from '#tensor/softmax'
import { largestGap } from '../testing/reference.ts'
import {
  answerOnly,
  type DifferentiatedModel,
  differentiate,
  goldenGaps,
  goldenItems,
  integratedGradients,
  startDifferentiated,
  targetOf,
} from '../testing/reference-gradients.ts'
import { relativeGap } from '../testing/relative-gap.ts'

const FILE = 'public/models/minilm-sst2/onnx/model_quantized.onnx'
const MASK = 103

describe('gradients of the embedded classifier', () => {
  let model: DifferentiatedModel
  beforeAll(async () => {
    model = await startDifferentiated(new Uint8Array(readFileSync(FILE)), 'wasm', null)
  }, 60_000)

  it.each(goldenItems)('agree with PyTorch on "$text"', async (item) => {
    const { norm, timesInput, attentions } = await goldenGaps(model, item)
    expect(norm).toBeLessThan(1e-4)
    expect(timesInput).toBeLessThan(1e-4)
    expect(attentions).toBeLessThan(1e-4)
  })

  it.each(goldenItems)('leave the answer as it is on "$text"', async ({ ids, logits }) => {
    const resting = await answerOnly(model, ids)
    const { scores } = await differentiate(model, ids, targetOf([0, 1]))
    expect(largestGap(resting?.data ?? [], logits.data)).toBeLessThan(1e-4)
    expect(Array.from(scores.data)).toEqual(Array.from(resting?.data ?? []))
  })

  it.each(goldenItems.slice(0, 1))('add up along a path of fed embeddings on "$text"', { timeout: 60_000 }, async (item) => {
    const { values, sum } = item.integrated_gradients_50_midpoint_zero_baseline
    const zero = new Float32Array(item.ids.length * 384)
    const found = await integratedGradients(model, item.ids, targetOf([0, 1]), zero, 50)
    expect(relativeGap(found, values.data)).toBeLessThan(1e-4)
    expect(found.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 3)
  })

  it('take a mask as their baseline', { timeout: 60_000 }, async () => {
    const [item] = goldenItems
    if (item === undefined) throw new Error('no golden value')
    const { embeddings } = await differentiate(
      model,
      item.ids.map(() => MASK),
      targetOf([0, 1]),
    )
    const found = await integratedGradients(model, item.ids, targetOf([0, 1]), embeddings.data, 50)
    expect(relativeGap(found, item.integrated_gradients_50_midpoint_mask_baseline.values.data)).toBeLessThan(1e-4)
  })

  it('are those of differences, probabilities and log-probabilities by the chain rule', { timeout: 60_000 }, async () => {
    const ids = goldenItems[1]?.ids ?? []
    const of = async (weights: readonly number[], space: Parameters<typeof targetOf>[1]) =>
      (await differentiate(model, ids, targetOf(weights, space))).gradient.data
    const [negative, positive] = [await of([1, 0], 'score'), await of([0, 1], 'score')]
    const { scores } = await differentiate(model, ids, targetOf([0, 1]))
    const [, p = 0] = softmax(scores.data)
    const difference = positive.map((value, at) => value - (negative[at] ?? 0))
    expect(relativeGap(await of([-1, 1], 'score'), difference)).toBeLessThan(1e-5)
    expect(
      relativeGap(
        await of([0, 1], 'probability'),
        difference.map((value) => p * (1 - p) * value),
      ),
    ).toBeLessThan(1e-4)
    expect(
      relativeGap(
        await of([0, 1], 'log-probability'),
        difference.map((value) => (1 - p) * value),
      ),
    ).toBeLessThan(1e-4)
    expect(
      relativeGap(
        await of([-1, 1], 'probability'),
        difference.map((value) => 2 * p * (1 - p) * value),
      ),
    ).toBeLessThan(1e-4)
  })
})
