// What reads the stream says on WebGPU what it says on WASM.

import { expect, it } from 'vitest'
import { readingModel } from '#autodiff/reading-model'
import { openModel } from '#graph/open-model'
import { loadRuntime } from '../runtime/session.ts'
import { relativeGap } from '../testing/relative-gap.ts'

it.each(['gpt2', 'llama'])('states, columns and heads of %s', { timeout: 120_000 }, async (family) => {
  const file = await fetch(`/fixtures/zoo/${family}/onnx/model.onnx`)
  const model = readingModel(openModel(new Uint8Array(await file.arrayBuffer())))
  if (model === null || model.inputs.columns === null || model.inputs.norm === null) throw new Error('nothing reads it')
  const { inputs, outputs, width } = model
  const runtime = await loadRuntime({ backend: 'webgpu', threads: 1, assets: new URL('/ort/', location.origin).href })
  const rows = (dims: readonly number[]) => {
    const data = Float32Array.from({ length: dims.reduce((size, one) => size * one, 1) }, (_, at) => Math.sin(1 + 2.3 * at))
    return { dims, data }
  }
  const feeds = {
    [inputs.states]: rows([1, 3, width]),
    [model.inputs.norm]: rows([1, 2, width]),
    [model.inputs.columns.hidden]: rows([1, 2, width]),
    [model.inputs.columns.positions]: { dims: [2], data: BigInt64Array.of(0n, 1n) },
    [model.inputs.columns.tokens]: { dims: [2], data: BigInt64Array.of(5n, 7n) },
    ...Object.fromEntries(
      inputs.joinedHeads.flatMap((heads) =>
        heads === null ? [] : [[heads.name, rows(heads.isFlat ? [2, heads.width] : [1, 2, heads.width])]],
      ),
    ),
  }
  const names = [outputs.scores, outputs.normed, outputs.columns, ...outputs.written].filter((name) => name !== null)
  const [ours, reference] = await Promise.all(
    (['webgpu', 'wasm'] as const).map(async (backend) => (await runtime.create(model, backend)).run(feeds, names)),
  )
  expect(names.length).toBeGreaterThan(4)
  for (const name of names) expect(relativeGap(ours?.[name]?.data ?? [], reference?.[name]?.data ?? []), name).toBeLessThan(1e-4)
})
