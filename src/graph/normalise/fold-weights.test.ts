import { describe, expect, it } from 'vitest'
import { numbersOf } from '../ir/constant.ts'
import type { ElementType } from '../ir/element-type.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { type AttributeLike, ModelBuilder } from '../testing/build.ts'
import { foldWeights } from './fold-weights.ts'

interface Case {
  readonly type: ElementType
  readonly values: Int8Array | Uint8Array | Int32Array
  readonly dims: readonly number[]
  readonly scale: readonly number[]
  readonly zero?: readonly number[]
  readonly attributes?: Readonly<Record<string, AttributeLike>>
}

const BYTES = [-128, -7, 0, 1, 55, 127, -1, 99, 3, -64, 17, 100]
const int8 = Int8Array.from(BYTES)
const uint8 = Uint8Array.from(BYTES, (value) => value + 128)
const scales = [0.1, 0.0123, 3.7, 1e-3]

function build({ type, values, dims, scale, zero, attributes }: Case): ModelBuilder {
  const builder = new ModelBuilder()
  const constant = (name: string, shape: readonly number[], data: Int8Array | Uint8Array | Int32Array) =>
    builder.constant({ name, elementType: type, dims: shape, storage: { kind: 'bytes', bytes: new Uint8Array(data.slice().buffer) } })
  const shape = scale.length === 1 ? [] : [scale.length]
  const inputs = [constant('q', dims, values), builder.float(shape, scale)]
  if (zero !== undefined)
    inputs.push(
      constant('zero', shape, type === 'uint8' ? Uint8Array.from(zero) : type === 'int32' ? Int32Array.from(zero) : Int8Array.from(zero)),
    )
  const weight = builder.op('DequantizeLinear', inputs, attributes)
  builder.output(builder.op('MatMul', [builder.input('x', 'float32', ['n', dims[0] ?? null]), weight]))
  return builder
}

/** (q - zero) * scale straight from the operator's definition, one element at a time. */
function direct({ values, dims, scale, zero }: Case, axis: number): number[] {
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1)
  return Array.from(values, (value, place) => {
    const channel = scale.length === 1 ? 0 : Math.floor(place / inner) % (dims[axis] ?? 1)
    return Math.fround(Math.fround(value - (zero?.[channel] ?? 0)) * Math.fround(scale[channel] ?? 0))
  })
}

function folded(test: Case): number[] | null {
  const { graph } = runPasses(build(test).model({ '': 21 }), [foldWeights]).model
  const weight = graph.initializers.find(({ name }) => name === graph.nodes.at(-1)?.inputs[1])
  return weight === undefined ? null : Array.from(numbersOf(weight) ?? [])
}

describe('foldWeights', () => {
  it.each<readonly [string, Case, number]>([
    ['a scalar scale', { type: 'int8', values: int8, dims: [3, 4], scale: [0.1] }, 0],
    ['a scalar zero point', { type: 'uint8', values: uint8, dims: [3, 4], scale: [0.1], zero: [128] }, 0],
    ['axis 0', { type: 'int8', values: int8, dims: [4, 3], scale: scales, attributes: { axis: 0 } }, 0],
    ['axis 1', { type: 'int8', values: int8, dims: [3, 4], scale: scales, attributes: { axis: 1 } }, 1],
    ['axis 1 as default', { type: 'int8', values: int8, dims: [3, 4], scale: scales }, 1],
    ['a negative axis', { type: 'int8', values: int8, dims: [4, 3], scale: scales, attributes: { axis: -2 } }, 0],
    ['a middle axis', { type: 'int8', values: int8, dims: [1, 4, 3], scale: scales }, 1],
    [
      'zero points by channel, axis 0',
      { type: 'uint8', values: uint8, dims: [4, 3], scale: scales, zero: [1, 128, 7, 255], attributes: { axis: 0 } },
      0,
    ],
    ['zero points by channel, axis 1', { type: 'uint8', values: uint8, dims: [3, 4], scale: scales, zero: [1, 128, 7, 255] }, 1],
    ['int32', { type: 'int32', values: Int32Array.of(2 ** 31 - 1, -(2 ** 24) - 1, 5, 123456789), dims: [2, 2], scale: [0.3] }, 0],
  ])('computes %s as the operator is defined', (_title, test, axis) => {
    expect(folded(test)).toEqual(direct(test, axis))
  })

  it.each<readonly [string, Case]>([
    ['blocked scales', { type: 'int8', values: int8, dims: [3, 4], scale: scales, attributes: { block_size: 2 } }],
    ['a scale that does not fit', { type: 'int8', values: int8, dims: [4, 3], scale: scales }],
  ])('leaves %s alone', (_title, test) => {
    expect(folded(test)).toBeNull()
  })

  it('puts all weights into one buffer and drops the packed ones', () => {
    const builder = new ModelBuilder()
    const x = builder.input('x', 'float32', ['n', 3])
    const weights = ['a', 'b'].map((name) => {
      const q = builder.constant({
        name,
        elementType: 'int8',
        dims: [3, 4],
        storage: { kind: 'bytes', bytes: new Uint8Array(int8.slice().buffer) },
      })
      return builder.op('DequantizeLinear', [q, builder.float([], [0.5])])
    })
    for (const weight of weights) builder.output(builder.op('MatMul', [x, weight]))
    const { model, records } = runPasses(builder.model(), [foldWeights])
    expect(model.graph.initializers.map(({ name }) => name)).toEqual(weights)
    const buffers = model.graph.initializers.map(({ storage }) => (storage.kind === 'bytes' ? storage.bytes.buffer : null))
    expect(new Set(buffers).size).toBe(1)
    expect(records[0]?.changes).toEqual(['unpacked 2 quantised weights to float32: 24 elements, 0.0 MB'])
  })

  it('leaves computed values alone', () => {
    const builder = new ModelBuilder()
    const q = builder.input('q', 'int8', ['n'])
    builder.output(builder.op('DequantizeLinear', [q, builder.float([], [0.5])]))
    const before = builder.model()
    expect(runPasses(before, [foldWeights]).model).toBe(before)
  })
})
