// The vocabulary's embeddings by the lookup alone, of exports of every kind, against what the whole model looks up.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lookupModel, openModel, tapModel, writeInstrumented } from '#graph/prepare'
import { buildFeeds } from './feeds.ts'
import { loadRuntime } from './session.ts'
import { relativeGap } from './testing/relative-gap.ts'
import { readWordTable } from './word-table.ts'

const FILES = [
  'bert/onnx/model.onnx',
  'gpt2/onnx/model.onnx',
  'llama/onnx/model_q4.onnx',
  'albert/onnx/model.onnx',
  'bert/onnx/model_quantized.onnx',
]

describe('the table of words', () => {
  it.each(FILES)('of %s holds what the model looks up, and its mean', async (path) => {
    const opened = openModel(new Uint8Array(readFileSync(`fixtures/zoo/${path}`)))
    const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
    const lookup = lookupModel(opened)
    const rows = opened.parts.vocabulary ?? 0
    const table = lookup && (await readWordTable(runtime, lookup, rows))
    if (table?.data == null) throw new Error('no table')
    expect([table.rows, table.data.length]).toEqual([rows, rows * table.width])

    const prepared = writeInstrumented(tapModel(opened))
    const session = await runtime.create(prepared, 'wasm')
    const ids = [3, 1, rows - 1, 1]
    const words = prepared.outputs.embeddings ?? ''
    const layout = { heads: 2, headWidth: 8 }
    const whole = (await session.run(buildFeeds(prepared.inputs, { ids }, layout), [words]))[words]?.data ?? []
    await session.release()
    const { data, width, mean } = table
    const found = ids.flatMap((id) => Array.from(data.subarray(id * width, (id + 1) * width)))
    expect(relativeGap(Float32Array.from(found), whole)).toBeLessThan(1e-6)
    const column = Array.from({ length: rows }, (_, row) => data[row * width] ?? 0)
    expect(mean[0]).toBeCloseTo(column.reduce((sum, value) => sum + value, 0) / rows, 6)
  })

  it('is not had where the lookup does not run', async () => {
    const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
    const broken = { bytes: Uint8Array.of(1, 2), externalData: [], inputs: [], output: 'x', isHalf: false }
    expect(await readWordTable(runtime, broken, 10)).toBeNull()
  })
})
