// The way through every file of the zoo, and through the embedded language model.

import { describe, expect, it } from 'vitest'
import { zooFiles } from '#engine/testing/zoo'
import { measurePath } from './testing/measure-path.ts'
import { expectPath } from './testing/path-agreement.ts'

describe('the way through the zoo', () => {
  it.each(zooFiles.filter(({ variant }) => !variant.includes('with_past')))(
    '$family/$variant is recomputed',
    async ({ family, variant }) => {
      expectPath(family, await measurePath(`fixtures/zoo/${family}`, `onnx/${variant}`, 'the film is not the film'))
    },
  )
})

it('the way through SmolLM2 is recomputed: 9 heads on 3 keys and values', { timeout: 600_000 }, async () => {
  const layers = [0, 8, 15, 20, 29]
  const { path, heads } = await measurePath('public/models/smollm2-135m-instruct', 'onnx/model_q4.onnx', 'The capital of France is', layers)
  expect([path.layers.length, path.heads, path.width, heads.length]).toEqual([30, 9, 576, 45])
  expect(path.answer?.[0]?.label).toBe(' Paris')
  for (const { form, gaps, factor, before, width, group, head } of heads) {
    expect([form, width, factor === null ? 0 : factor * before]).toEqual(['plain', 64, expect.closeTo(1 / 8, 6)])
    expect(Math.max(gaps.weights, gaps.output)).toBeLessThan(1e-5)
    expect(group).toEqual({ count: 3, index: Math.floor(head / 3), heads: [0, 1, 2].map((at) => Math.floor(head / 3) * 3 + at) })
  }
})
