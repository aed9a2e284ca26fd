// What blocks and heads compute is given on WebGPU when it is asked for, as on WASM: branches hold values of the device.

import { expect, it } from 'vitest'
import { openModel } from '#graph/open-model'
import { instrumentModel } from '#graph/prepare'
import type { Token } from '#text/token'
import { loadRuntime } from '../runtime/session.ts'
import { relativeGap } from '../testing/relative-gap.ts'
import { createPathPasses, type LayerHeads, type PathOfBlocks } from './path-passes.ts'

const NOTHING = new Float32Array()
/** Relative to the largest number: two layers and rotations in the float32 of a driver in software (measured: 1.1e-4). */
const TOLERANCE = 5e-4

it.each(['gpt2', 'llama', 'bert'])('blocks and heads of %s', { timeout: 120_000 }, async (family) => {
  const file = await fetch(`/fixtures/zoo/${family}/onnx/model.onnx`)
  const plan = instrumentModel(openModel(new Uint8Array(await file.arrayBuffer())), { partsOnRequest: true, pickPositions: true })
  const runtime = await loadRuntime({ backend: 'webgpu', threads: 1, assets: new URL('/ort/', location.origin).href })
  const tokens = [5, 9, 7, 11, 5].map((id): Token => ({ id, piece: '', label: '', start: 0, end: 0, word: 0, source: 'text' }))
  const row = { tokens, cutAt: null, wantedLength: tokens.length }
  const measured: { readonly blocks: PathOfBlocks; readonly heads: LayerHeads }[] = []
  for (const backend of ['webgpu', 'wasm'] as const) {
    const session = await runtime.create(plan, backend)
    const passes = createPathPasses({ session, plan, layout: { heads: null, headWidth: null } })
    if (passes === null) throw new Error('nothing can be asked for')
    measured.push({ blocks: await passes.blocks(row, 2), heads: await passes.heads(row, 1) })
    await session.release()
  }
  const [ours, reference] = measured
  const numbersOf = ({ blocks, heads }: (typeof measured)[number]): readonly Float32Array[] => [
    ...blocks.layers.flatMap(({ attention, mlp, written }) => [attention ?? NOTHING, mlp ?? NOTHING, written ?? NOTHING]),
    ...[heads.query, heads.key, heads.value, heads.output].map(({ data }) => data),
  ]
  if (ours === undefined || reference === undefined) throw new Error('nothing was measured')
  const wanted = numbersOf(reference)
  for (const [at, data] of numbersOf(ours).entries()) {
    expect(data.length).toBeGreaterThan(0)
    expect(relativeGap(data, wanted[at] ?? NOTHING)).toBeLessThan(TOLERANCE)
  }
  expect(ours.heads.factor).toBeCloseTo(reference.heads.factor ?? Number.NaN, 6)
})
