import * as ort from 'onnxruntime-web/wasm'
import { describe, expect, it } from 'vitest'
import { operatorOf } from '../ir/graph.ts'
import { writeModel } from '../proto/write.ts'
import { runPasses } from '../rewrite/rewrite.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { reshapeConstants } from './reshape-constants.ts'
import { wave } from './testing/fused-case.ts'
import { unpackBnb4 } from './unpack-bnb4.ts'

ort.env.wasm.numThreads = 1

const [rows, columns, blockSize] = [16, 5, 16]
const packedBytes = Uint8Array.from({ length: (rows * columns) / 2 }, (_, place) => (place * 37 + 11) % 256)

function productModel(quantType: number, packed = packedBytes) {
  const builder = new ModelBuilder()
  builder.input('x', 'float32', ['b', 't', rows])
  const weight = builder.constant({ name: 'w', elementType: 'uint8', dims: [packed.length], storage: { kind: 'bytes', bytes: packed } })
  const largest = builder.float([(rows * columns) / blockSize], wave([(rows * columns) / blockSize], 3))
  const attributes = { K: rows, N: columns, block_size: blockSize, quant_type: quantType }
  for (const name of ['first', 'second']) {
    builder.add(node('com.microsoft:MatMulBnb4', ['x', weight, largest], [name], attributes))
    builder.output(name)
  }
  return { ...builder.model({ '': 21, 'com.microsoft': 1 }), irVersion: 10 }
}

async function run(bytes: Uint8Array): Promise<readonly number[]> {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] })
  const { first } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(wave([2, 3, rows], 1)), [2, 3, rows]) })
  await session.release()
  return first?.data instanceof Float32Array ? Array.from(first.data) : []
}

describe('unpackBnb4', () => {
  it.each([
    ['floats', 0],
    ['quantiles of the normal distribution', 1],
  ])('computes what the runtime does from 4-bit %s', async (_title, quantType) => {
    const model = productModel(quantType)
    const { model: unpacked, records } = runPasses(model, [unpackBnb4])
    expect(unpacked.graph.nodes.map(operatorOf)).toEqual(['MatMul', 'MatMul'])
    expect(records[0]?.changes).toEqual(['unpacked 2 packed weights to float32: 160 elements, 0.0 MB'])
    const buffers = unpacked.graph.initializers.map(({ storage }) => (storage.kind === 'bytes' ? storage.bytes.buffer : null))
    expect(new Set(buffers).size).toBe(1)
    const [expected, own] = [await run(writeModel(model)), await run(writeModel(unpacked))]
    expect(own).toHaveLength(expected.length)
    for (const [place, value] of expected.entries()) expect(own[place]).toBeCloseTo(value, 5)
  })

  it('leaves weights that are too short for their shape, and kinds it does not know', () => {
    for (const model of [productModel(1, packedBytes.subarray(1)), productModel(2)]) {
      expect(unpackBnb4.run(model)).toEqual({ model, changes: [] })
    }
  })
})

describe('reshapeConstants', () => {
  const reshaped = (shape: readonly number[], dims: readonly number[] = [6, 1, 4]) => {
    const builder = new ModelBuilder()
    const table = builder.float(dims)
    builder.output(builder.op('Neg', [builder.op('Reshape', [table, builder.int64([shape.length], shape)])]))
    return runPasses(builder.model(), [reshapeConstants]).model.graph
  }

  it.each([
    [
      [6, 4],
      [6, 4],
    ],
    [
      [0, -1],
      [6, 4],
    ],
    [[-1], [24]],
  ])('shares the bytes: %j', (shape, dims) => {
    const { nodes, initializers } = reshaped(shape)
    expect(nodes.map(operatorOf)).toEqual(['Neg'])
    expect(initializers.map((constant) => constant.dims)).toEqual([dims])
  })

  it('leaves shapes that do not fit for the runtime to refuse', () => {
    for (const shape of [
      [5, -1],
      [7, 4],
      [0, 0],
    ])
      expect(reshaped(shape).nodes.map(operatorOf)).toEqual(['Reshape', 'Neg'])
  })
})
