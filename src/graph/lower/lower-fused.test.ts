import * as ort from 'onnxruntime-web/wasm'
import { describe, expect, it } from 'vitest'
import { floatToHalf, halfToFloat } from '#tensor/half'
import { operatorOf } from '../ir/graph.ts'
import { writeModel } from '../proto/write.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder } from '../testing/build.ts'
import { lowerFused } from './lower-fused.ts'
import { multiHeadAttentionCases, packedAttentionCases, standardAttentionCases } from './testing/attention-cases.ts'
import { activationCases, normCases, productCases } from './testing/element-cases.ts'
import type { CaseFeed, FusedCase } from './testing/fused-case.ts'
import { gatherCases } from './testing/gather-cases.ts'
import { groupQueryAttentionCases, rotaryCases } from './testing/rotary-cases.ts'

ort.env.wasm.numThreads = 1
ort.env.logLevel = 'error'

const ARRAYS: Readonly<Record<CaseFeed['type'], (data: readonly number[]) => ort.Tensor.DataType>> = {
  float32: (data) => Float32Array.from(data),
  float16: (data) => Uint16Array.from(data, floatToHalf),
  int32: (data) => Int32Array.from(data),
  int64: (data) => BigInt64Array.from(data, BigInt),
  bool: (data) => Uint8Array.from(data),
}

async function outputsOf(bytes: Uint8Array, feeds: FusedCase['feeds']): Promise<readonly (readonly number[])[]> {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel: 'disabled' })
  const tensors = session.inputNames.map((name) => {
    const feed = feeds[name]
    if (feed === undefined) throw new Error(`nothing to feed ${name}`)
    return [name, new ort.Tensor(feed.type, ARRAYS[feed.type](feed.data), feed.dims)] as const
  })
  const results = await session.run(Object.fromEntries(tensors))
  await session.release()
  return session.outputNames.map((name) => numbersOf(results[name]))
}

function numbersOf(tensor: ort.Tensor | undefined): readonly number[] {
  const data = tensor?.data
  if (data instanceof Float32Array) return Array.from(data)
  if (data instanceof Uint16Array) return Array.from(data, halfToFloat)
  throw new Error('an output that is not real')
}

function modelOf(build: FusedCase['build'], opset: number) {
  const builder = new ModelBuilder()
  build(builder)
  return { ...builder.model({ '': opset, 'com.microsoft': 1 }), irVersion: 10 }
}

const families: Readonly<Record<string, readonly FusedCase[]>> = {
  activations: activationCases,
  norms: normCases,
  products: productCases,
  'packed attention': packedAttentionCases,
  'multi-head attention': multiHeadAttentionCases,
  'group query attention': groupQueryAttentionCases,
  'standard attention': standardAttentionCases,
  'rotary embedding': rotaryCases,
  tables: gatherCases,
}

describe.each(Object.entries(families))('%s', (_family, cases) => {
  it.each(cases)('$title', async ({ build, instead, feeds, opset = 21, tolerance = 1e-5, counts = () => true }) => {
    const { model } = runPasses(modelOf(build, opset), [lowerFused])
    expect(model.graph.nodes.filter(({ domain }) => domain !== '').map(operatorOf)).toEqual([])
    const expected = await outputsOf(writeModel(modelOf(instead ?? build, opset)), feeds)
    const lowered = await outputsOf(writeModel(model), feeds)
    for (const [place, values] of expected.entries()) {
      const own = lowered[place] ?? []
      expect(own.length).toBe(values.length)
      const gaps = values.map((value, at) => (counts(at) ? Math.abs(value - (own[at] ?? Number.NaN)) : 0))
      expect(Math.max(...gaps)).toBeLessThan(tolerance)
    }
  })
})
