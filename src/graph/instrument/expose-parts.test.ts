// Taps inside the layers, run: they have one shape however the graph keeps its heads and rows, and satisfy what they are defined by.

import { describe, expect, it } from 'vitest'
import { largestGap } from '#engine/testing/reference'
import { runModel } from '#engine/testing/run-model'
import type { PartName } from '../instrument/expose-parts.ts'
import { openModel } from '../open-model.ts'
import { prepareModel, tapModel } from '../prepare.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'

const HEADS: ReadonlySet<PartName> = new Set(['queries', 'keys', 'values', 'headOutputs'])
const STREAM: ReadonlySet<PartName> = new Set(['attentionOutputs', 'mlpOutputs', 'middles', 'finalNorm'])
const TOKENS = 5
const feeds = { ids: { dims: [1, TOKENS], data: BigInt64Array.of(3n, 1n, 4n, 1n, 5n) } }

/** softmax(query x key^T / 2) and its product with the values, [1,H,T,hd] each. */
function attend(query: Float32Array, key: Float32Array, value: Float32Array, heads: number, width: number) {
  const probabilities: number[] = []
  const outputs: number[] = []
  for (let head = 0; head < heads; head++) {
    const at = (data: Float32Array, row: number, column: number) => data[(head * TOKENS + row) * width + column] ?? Number.NaN
    const columns = Array.from({ length: width }, (_, column) => column)
    const rows = Array.from({ length: TOKENS }, (_, row) => row)
    for (const row of rows) {
      const powers = rows.map((other) => Math.exp(columns.reduce((sum, k) => sum + at(query, row, k) * at(key, other, k), 0) / 2))
      const whole = powers.reduce((sum, power) => sum + power, 0)
      const weights = powers.map((power) => power / whole)
      probabilities.push(...weights)
      outputs.push(...columns.map((k) => rows.reduce((sum, other) => sum + (weights[other] ?? 0) * at(value, other, k), 0)))
    }
  }
  return { probabilities, outputs }
}

async function expectHeads(bytes: Uint8Array, heads: number, width: number): Promise<void> {
  const { model, outputs } = tapModel(openModel(bytes), { taps: HEADS })
  const results = await runModel(model, feeds)
  const { queries = [], keys = [], values = [], headOutputs = [] } = outputs.parts ?? {}
  expect(queries.length).toBeGreaterThan(0)
  for (const [layer, query] of queries.entries()) {
    const [q, k, v, out] = [query, keys[layer], values[layer], headOutputs[layer]].map((name) => results[name ?? ''])
    expect([q, k, v, out].map((tensor) => tensor?.dims)).toEqual(new Array(4).fill([1, heads, TOKENS, width]))
    const empty = new Float32Array()
    const wanted = attend(q?.data ?? empty, k?.data ?? empty, v?.data ?? empty, heads, width)
    expect(largestGap(results[outputs.attentions[layer] ?? '']?.data ?? [], wanted.probabilities)).toBeLessThan(1e-5)
    expect(largestGap(out?.data ?? [], wanted.outputs)).toBeLessThan(1e-5)
  }
}

describe('taps of the heads', () => {
  const forms: readonly (readonly [string, OddTransformer])[] = [
    ['heads on an axis', {}],
    ['heads joined to the batch', { joined: true }],
    ['repeated key heads', { groups: true, projection: 'split' }],
    ['norms of queries and keys', { headNorms: true }],
  ]
  it.each(forms)('are what the attention computes with: %s', async (_title, form) => {
    await expectHeads(oddTransformer(form).builder.bytes(), ODD.heads, ODD.headWidth)
  })

  it('follow the letters of an equation', async () => {
    const [heads, width] = [2, 3]
    const b = new ModelBuilder()
    const x = b.op('Gather', [b.float([9, 6]), b.input('ids', 'int64', ['batch', 'tokens'])])
    const split = () => b.op('Reshape', [b.op('MatMul', [x, b.float([6, 6])]), b.int64([4], [0, 0, heads, width])])
    const einsum = (equation: string, inputs: readonly string[]) =>
      b.op('Einsum', inputs, { equation: { kind: 'string', value: equation } })
    const scores = b.op('Mul', [einsum('bqhd, bkhd -> bhqk', [split(), split()]), b.float([], [0.5])])
    b.output(einsum('bhqk,bkhd->bqhd', [b.op('Softmax', [scores], { axis: -1 }), split()]))
    await expectHeads(b.bytes(), heads, width)
  })

  it('are null where the axes are not told', () => {
    const b = new ModelBuilder()
    const x = b.input('x', 'float32', ['a', 'b', 'c', 'd', 'e'])
    const made = (times: number) => b.op('Mul', [x, b.float([], [times])])
    const scores = b.op('MatMul', [made(1), b.op('Transpose', [made(2)], { perm: [0, 1, 2, 4, 3] })])
    b.output(b.op('MatMul', [b.op('Softmax', [scores], { axis: -1 }), made(3)]))
    expect(prepareModel(b.bytes(), { taps: HEADS }).outputs.parts).toMatchObject({
      queries: [null],
      keys: [null],
      values: [null],
      headOutputs: [null],
      mlpOutputs: [],
      finalNorm: null,
    })
  })
})

describe('taps of the stream', () => {
  const forms: readonly (readonly [string, OddTransformer])[] = [
    ['norms before the blocks', {}],
    ['norms around the blocks', { norms: 'around' }],
    ['blocks beside each other', { beside: true }],
    ['joined rows', { flat: true }],
    ['a bias added after the blocks', { shifted: true }],
  ]
  it.each(forms)('sum up to the next state with %s', async (_title, form) => {
    const { model, outputs } = tapModel(openModel(oddTransformer(form).builder.bytes()), { taps: STREAM })
    const results = await runModel(model, feeds)
    const { attentionOutputs = [], mlpOutputs = [], middles = [], finalNorm } = outputs.parts ?? {}
    const at = (name: string | null | undefined) => results[name ?? ''] ?? { dims: [], data: new Float32Array() }
    // The last state is a norm of the sum.
    for (let layer = 0; layer < ODD.layers - 1; layer++) {
      const [before, attention, mlp] = [outputs.hiddenStates[layer], attentionOutputs[layer], mlpOutputs[layer]].map(at)
      expect([attention?.dims, mlp?.dims]).toEqual([
        [1, TOKENS, ODD.width],
        [1, TOKENS, ODD.width],
      ])
      const middle = before?.data.map((value, place) => value + (attention?.data[place] ?? Number.NaN)) ?? []
      if (form.beside !== true) expect(largestGap(at(middles[layer]).data, middle)).toBeLessThan(1e-5)
      const after = Array.from(middle, (value, place) => value + (mlp?.data[place] ?? Number.NaN))
      expect(largestGap(at(outputs.hiddenStates[layer + 1]).data, after)).toBeLessThan(1e-4)
    }
    expect(at(finalNorm)).toEqual(at(outputs.hiddenStates.at(-1)))
  })

  it('are tapped before the positions of the head are picked', () => {
    const { outputs, positionsInput } = prepareModel(oddTransformer({}).builder.bytes(), { taps: STREAM, pickPositions: true })
    expect(positionsInput).not.toBeNull()
    expect(outputs.parts?.finalNorm).toBe(outputs.hiddenStates.at(-1))
  })

  it('are not there where nothing is asked for', () => {
    expect(prepareModel(oddTransformer({}).builder.bytes()).outputs).not.toHaveProperty('parts')
  })

  it('take names that are free', () => {
    const { builder } = oddTransformer({})
    builder.add(node('Identity', ['ids'], ['innerscope.part_0']))
    builder.output('innerscope.part_0', 'int64')
    expect(prepareModel(builder.bytes(), { taps: HEADS }).outputs.parts?.keys).not.toContain(null)
  })
})
