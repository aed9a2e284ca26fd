import { describe, expect, it } from 'vitest'
import { floats, runModel } from '#engine/testing/run-model'
import type { ElementType } from '../ir/element-type.ts'
import { operatorOf } from '../ir/graph.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { dropUnused } from './drop-unused.ts'
import { foldWeights } from './fold-weights.ts'
import { lowerDynamicQ8 } from './lower-dynamic-q8.ts'

const OPSETS = { '': 17, 'com.microsoft': 1 }
const x = floats([2, 3])
const BYTES = [3, 250, 17, 99, 128, 0, 255, 64, 200, 31, 7, 180]
const SCALES = [0.02, 0.01, 0.5, 0.003]
const ZEROS = [128, 120, 1, 255]

interface Weight {
  readonly weight: string
  readonly scale: string
  readonly zero: string
}

/** Bytes [3, 4], by column or as a whole. */
function weight(builder: ModelBuilder, type: 'int8' | 'uint8', columns: boolean): Weight {
  const bytes = (name: string, dims: readonly number[], values: readonly number[], elementType: ElementType = type) =>
    builder.constant({ name, elementType, dims, storage: { kind: 'bytes', bytes: Uint8Array.from(values) } })
  const shape = columns ? [4] : []
  return {
    weight: bytes('weight', [3, 4], BYTES),
    scale: builder.float(shape, columns ? SCALES : [0.02]),
    zero: bytes('zero', shape, columns ? ZEROS : [128]),
  }
}

/** What the product is without rounding x, straight from the definition. */
function direct(type: 'int8' | 'uint8', columns: boolean): number[] {
  const signed = (byte: number) => (type === 'int8' && byte > 127 ? byte - 256 : byte)
  return Array.from({ length: 8 }, (_, at) => {
    const column = at % 4
    const scale = Math.fround(columns ? (SCALES[column] ?? 0) : 0.02)
    const zero = signed(columns ? (ZEROS[column] ?? 0) : 128)
    const row = [0, 1, 2].map((k) => (x.data[Math.floor(at / 4) * 3 + k] ?? 0) * (signed(BYTES[k * 4 + column] ?? 0) - zero) * scale)
    return row.reduce((sum, term) => sum + term, 0)
  })
}

function quantise(builder: ModelBuilder): void {
  builder.input('x', 'float32', ['a', 3])
  builder.add(node('DynamicQuantizeLinear', ['x'], ['xq', 'xscale', 'xzero']))
}

describe('lowerDynamicQ8', () => {
  it.each([
    ['int8', true],
    ['int8', false],
    ['uint8', true],
    ['uint8', false],
  ] as const)('multiplies by the dequantised weight: %s, by column: %s', async (type, columns) => {
    const builder = new ModelBuilder()
    quantise(builder)
    const { weight: w, scale, zero } = weight(builder, type, columns)
    const product = builder.op('Cast', [builder.op('MatMulInteger', ['xq', w, 'xzero', zero])], { to: 1 })
    const y = builder.output(builder.op('Mul', [product, builder.op('Mul', ['xscale', scale])]))
    const { model, records } = runPasses(builder.model(OPSETS), [lowerDynamicQ8, foldWeights])
    expect(records[0]?.changes).toEqual(['1 products with 8-bit weights no longer round their activations'])
    const actual = (await runModel(model, { x }))[y]?.data ?? []
    for (const [place, expected] of direct(type, columns).entries()) expect(actual[place]).toBeCloseTo(expected, 4)
  })

  it('takes the rows of a quantised table as real numbers where they are opened too', async () => {
    const builder = new ModelBuilder()
    const ids = builder.input('ids', 'int64', ['tokens'])
    const bytes = (name: string, dims: readonly number[], values: readonly number[]) =>
      builder.constant({ name, elementType: 'uint8', dims, storage: { kind: 'bytes', bytes: Uint8Array.from(values) } })
    const tableScale = builder.float([], [0.05])
    const tableZero = bytes('table_zero', [], [7])
    const rows = builder.op('Gather', [bytes('table', [2, 3], [3, 250, 17, 99, 0, 7]), ids])
    const opened = builder.op('DequantizeLinear', [rows, tableScale, tableZero])
    const { weight: w, scale, zero } = weight(builder, 'uint8', false)
    const product = builder.op('Cast', [builder.op('MatMulInteger', [rows, w, tableZero, zero])], { to: 1 })
    const y = builder.output(builder.op('Mul', [product, builder.op('Mul', [tableScale, scale])]))
    builder.output(builder.op('Neg', [opened]))
    const before = builder.model(OPSETS)
    const { model } = runPasses(before, [lowerDynamicQ8, foldWeights, dropUnused])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['Gather', 'DequantizeLinear', 'MatMul', 'Neg'])
    const feeds = { ids: { dims: [2], data: BigInt64Array.of(1n, 0n) } }
    const [actual, expected] = [(await runModel(model, feeds))[y]?.data ?? [], (await runModel(before, feeds))[y]?.data ?? []]
    for (const [place, value] of expected.entries()) expect(actual[place]).toBeCloseTo(Number(value), 4)
  })

  it('lowers the fused forms, with their bias', async () => {
    const builder = new ModelBuilder()
    quantise(builder)
    const { weight: w, scale, zero } = weight(builder, 'uint8', false)
    const bias = builder.float([4], [1, 2, 3, 4])
    const outputs = [
      builder.op('com.microsoft:DynamicQuantizeMatMul', ['x', w, scale, zero, bias]),
      builder.op('com.microsoft:MatMulIntegerToFloat', ['xq', w, 'xscale', scale, 'xzero', zero, bias]),
    ]
    for (const output of outputs) builder.output(output)
    const { model } = runPasses(builder.model(OPSETS), [lowerDynamicQ8])
    const results = await runModel(model, { x })
    for (const output of outputs) {
      const actual = results[output]?.data ?? []
      for (const [place, expected] of direct('uint8', false).entries()) expect(actual[place]).toBeCloseTo(expected + 1 + (place % 4), 4)
    }
  })

  it('makes of QAttention an Attention, near what it rounds', async () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', [1, 't', 4])
    builder.add(node('DynamicQuantizeLinear', ['x'], ['xq', 'xscale', 'xzero']))
    const bytes = Uint8Array.from({ length: 48 }, (_, at) => (at * 37) % 256)
    const w = builder.constant({ name: 'w', elementType: 'uint8', dims: [4, 12], storage: { kind: 'bytes', bytes } })
    const zero = builder.constant({ name: 'z', elementType: 'uint8', dims: [], storage: { kind: 'bytes', bytes: Uint8Array.of(128) } })
    const inputs = ['xq', w, builder.float([12]), 'xscale', builder.float([], [0.005]), '', 'xzero', zero]
    const y = builder.output(builder.op('com.microsoft:QAttention', inputs, { num_heads: 2 }))
    const before = builder.model(OPSETS)
    const { model } = runPasses(before, [lowerDynamicQ8])
    expect(model.graph.nodes.map(operatorOf)).toEqual(['DynamicQuantizeLinear', 'DequantizeLinear', 'com.microsoft:Attention'])
    const feeds = { x: floats([1, 5, 4]) }
    const [rounded, exact] = [(await runModel(before, feeds))[y]?.data ?? [], (await runModel(model, feeds))[y]?.data ?? []]
    for (const [place, value] of rounded.entries()) expect(Math.abs(value - (exact[place] ?? Number.NaN))).toBeLessThan(0.02)
  })

  it('takes away the rounding of a statically quantised activation, and of nothing else', () => {
    const builder = new ModelBuilder()
    builder.input('x', 'float32', ['a', 3])
    const [scale, other] = [builder.float([], [0.1]), builder.float([], [0.2])]
    const rounded = builder.op('DequantizeLinear', [builder.op('QuantizeLinear', ['x', scale]), scale])
    builder.output(builder.op('Neg', [rounded]))
    builder.output(builder.op('Abs', [builder.op('DequantizeLinear', [builder.op('QuantizeLinear', ['x', scale]), other])]))
    const { graph } = runPasses(builder.model(OPSETS), [lowerDynamicQ8]).model
    expect(graph.nodes.find((made) => operatorOf(made) === 'Neg')?.inputs).toEqual(['x'])
    expect(graph.nodes.filter((made) => operatorOf(made) === 'DequantizeLinear')).toHaveLength(1)
  })

  it('leaves integer products that nothing scales back', () => {
    const builder = new ModelBuilder()
    quantise(builder)
    const { weight: w, scale, zero } = weight(builder, 'uint8', false)
    builder.output(builder.op('Cast', [builder.op('MatMulInteger', ['xq', w, 'xzero', zero])], { to: 1 }))
    builder.output(builder.op('Neg', [scale]))
    const before = builder.model(OPSETS)
    expect(runPasses(before, [lowerDynamicQ8]).model).toBe(before)
  })
})
