import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder } from '../testing/build.ts'
import { unpackNBits } from './unpack-n-bits.ts'

interface Case {
  readonly bits: 4 | 8
  readonly rows: number
  readonly zeros?: boolean
  readonly bias?: boolean
}

const COLUMNS = 37
const BLOCK = 16

function build({ bits, rows, zeros, bias }: Case): ModelBuilder {
  const builder = new ModelBuilder()
  const blocks = Math.ceil(rows / BLOCK)
  const bytes = (name: string, dims: readonly number[]) => {
    const values = Uint8Array.from({ length: dims.reduce((count, size) => count * size, 1) }, (_, at) => (at * 73 + 11) % 256)
    return builder.constant({ name, elementType: 'uint8', dims, storage: { kind: 'bytes', bytes: values } })
  }
  const inputs = [
    builder.input('x', 'float32', ['a', 'b', rows]),
    bytes('weight', [COLUMNS, blocks, (BLOCK * bits) / 8]),
    builder.float([COLUMNS * blocks]),
    zeros ? bytes('zeros', [COLUMNS * Math.ceil((blocks * bits) / 8)]) : '',
    '',
    bias ? builder.float([COLUMNS]) : '',
  ]
  while (inputs.at(-1) === '') inputs.pop()
  builder.output(builder.op('com.microsoft:MatMulNBits', inputs, { K: rows, N: COLUMNS, bits, block_size: BLOCK }))
  return builder
}

describe('unpackNBits', () => {
  it.each<readonly [string, Case]>([
    ['4 bits', { bits: 4, rows: 48 }],
    ['4 bits with zero points', { bits: 4, rows: 48, zeros: true }],
    ['4 bits with a bias', { bits: 4, rows: 32, bias: true }],
    ['4 bits with a last block that is not full', { bits: 4, rows: 40, zeros: true }],
    ['8 bits', { bits: 8, rows: 48 }],
    ['8 bits with zero points', { bits: 8, rows: 48, zeros: true }],
  ])('keeps what a product in %s computes', async (_title, test) => {
    const before = build(test).model({ '': 21, 'com.microsoft': 1 })
    const { model, records } = runPasses(before, [unpackNBits])
    expect(records[0]?.changes[0]).toContain('unpacked 1 packed weights')
    const feeds = { x: floats([2, 3, test.rows]) }
    const name = before.graph.outputs[0]?.name ?? ''
    const [expected, actual] = [(await runModel(before, feeds))[name], (await runModel(model, feeds))[name]]
    expect(actual?.dims).toEqual(expected?.dims)
    for (const [place, value] of (expected?.data ?? []).entries()) {
      expect(Math.abs((actual?.data[place] ?? Number.NaN) - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
    }
  })

  it('leaves weights that are computed', () => {
    const builder = new ModelBuilder()
    const inputs = [builder.input('x', 'float32', ['a', 16]), builder.input('w', 'uint8', [2, 1, 8]), builder.float([2])]
    builder.output(builder.op('com.microsoft:MatMulNBits', inputs, { K: 16, N: 2, bits: 4, block_size: 16 }))
    const before = builder.model({ '': 21, 'com.microsoft': 1 })
    expect(runPasses(before, [unpackNBits]).model).toBe(before)
  })

  it.each([
    ['bytes', 3, 2],
    ['scales', 4, 1],
  ])('leaves weights of too few %s to the runtime, which refuses them', (_title, bytesAColumn, scales) => {
    const builder = new ModelBuilder()
    const bytes = new Uint8Array(2 * bytesAColumn)
    const weight = builder.constant({ name: 'w', elementType: 'uint8', dims: [2, 1, bytesAColumn], storage: { kind: 'bytes', bytes } })
    const inputs = [builder.input('x', 'float32', ['a', 8]), weight, builder.float([scales])]
    builder.output(builder.op('com.microsoft:MatMulNBits', inputs, { K: 8, N: 2, bits: 4, block_size: 8 }))
    const before = builder.model({ '': 21, 'com.microsoft': 1 })
    expect(runPasses(before, [unpackNBits]).model).toBe(before)
  })
})
