// The way through one file of each family, and through exports that keep heads and scales otherwise; every other file: path.full.test.ts.

import { describe, expect, it } from 'vitest'
import { inputOf } from '#engine/testing/toy-model.fixture'
import { zooFiles } from '#engine/testing/zoo'
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { openEngine } from '../../../../tools/explain/open-engine.ts'
import { measurePath, silent } from './testing/measure-path.ts'
import { expectPath } from './testing/path-agreement.ts'

const TEXT = 'the film is not the film'
/** Scaled before the product, heads joined to the batch by a fused operator, half precision. */
const FORMS: ReadonlySet<string> = new Set(['llama/model_sdpa_dynamo.onnx', 'llama/model_genai.onnx', 'llama/model_fp16.onnx'])

describe('the way through', () => {
  const files = zooFiles.filter(({ family, variant }) => variant === 'model.onnx' || FORMS.has(`${family}/${variant}`))

  it.each(files)('$family/$variant is recomputed', async ({ family, variant }) => {
    expectPath(family, await measurePath(`fixtures/zoo/${family}`, `onnx/${variant}`, TEXT))
  })
})

describe('a decoder', () => {
  it('adds up: every part by its length, every head by itself, and the answer', async () => {
    const opened = await openEngine(folderPlace('fixtures/zoo/gpt2', ['onnx/model.onnx']), 'onnx/model.onnx', false)
    const input = inputOf(TEXT)
    const { row } = await opened.run(input)
    const path = await opened.engine.inferencePath({ input, position: 2 }, silent)
    const blocks = await opened.model.path?.blocks(row, 2)
    const answer = await opened.model.answerAt(row, 2)
    await opened.release()
    expect(path.answer?.[0]?.label).toBe(answer?.candidates[0]?.label)
    expect(path.answer?.[0]?.probability).toBeCloseTo(answer?.candidates[0]?.probability ?? -1, 6)
    const width = blocks?.width ?? 0
    for (const [layer, { attention, mlp, written }] of (blocks?.layers ?? []).entries()) {
      for (let at = 0; at < width; at++) {
        // [H+1,d]: the bias stands in every head's row, and alone in the last one.
        const column = Array.from({ length: path.heads + 1 }, (_, head) => written?.[head * width + at] ?? Number.NaN)
        const bias = column.at(-1) ?? Number.NaN
        const sum = column.slice(0, -1).reduce((all, value) => all + value - bias, bias)
        expect(sum).toBeCloseTo(attention?.[2 * width + at] ?? Number.NaN, 4)
        const [before, after] = [blocks?.states[layer], blocks?.states[layer + 1]].map((state) => state?.[2 * width + at] ?? Number.NaN)
        expect((before ?? 0) + sum + (mlp?.[2 * width + at] ?? Number.NaN)).toBeCloseTo(after ?? Number.NaN, 4)
      }
    }
  })

  it('refuses what is not there', async () => {
    const opened = await openEngine(folderPlace('fixtures/zoo/gpt2', ['onnx/model.onnx']), 'onnx/model.onnx', false)
    const input = inputOf(TEXT)
    await expect(opened.engine.inferencePath({ input, position: 99 }, silent)).rejects.toMatchObject({ kind: 'no-such-target' })
    await expect(opened.engine.headDetail({ input, layer: 0, head: 9 }, silent)).rejects.toMatchObject({ kind: 'no-such-target' })
    await expect(opened.engine.headDetail({ input, layer: 9, head: 0 }, silent)).rejects.toMatchObject({ kind: 'no-such-target' })
    await opened.release()
  })
})
