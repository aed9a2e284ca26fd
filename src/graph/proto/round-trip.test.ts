import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { float32Constant, numbersOf } from '../ir/constant.ts'
import { GraphError } from '../ir/errors.ts'
import { ModelBuilder, node } from '../testing/build.ts'
import { tinyTransformer } from '../testing/tiny-transformer.ts'
import { readModel } from './read.ts'
import { MIN_EXTERNAL_BYTES, writeModel } from './write.ts'

/** Float32 elements of the smallest constant that is left outside. */
const large = MIN_EXTERNAL_BYTES / 4
const tiny = tinyTransformer({ layers: 2, blocks: 'pre-norm', norm: 'LayerNormalization' }).builder

describe('reading and writing', () => {
  it('gives the same bytes back', () => {
    const file = tiny.bytes()
    expect(writeModel(readModel(file).model)).toEqual(file)
  })

  it('keeps weights as views into the file', () => {
    const file = tiny.bytes()
    for (const { storage } of readModel(file).model.graph.initializers) {
      expect(storage.kind === 'bytes' && storage.bytes.buffer === file.buffer).toBe(true)
    }
  })

  it('keeps fields it does not know, in every message', () => {
    const unknown = [{ no: 9000, wireType: 2, data: Uint8Array.of(2, 7, 9) }]
    const proto = fromBinary(ModelProtoSchema, tiny.bytes())
    proto.$unknown = unknown
    for (const message of [proto.graph, ...(proto.graph?.node ?? []), ...(proto.graph?.initializer ?? [])])
      if (message) message.$unknown = unknown
    const back = fromBinary(ModelProtoSchema, writeModel(readModel(toBinary(ModelProtoSchema, proto)).model))
    const messages = [back, back.graph, ...(back.graph?.node ?? []), ...(back.graph?.initializer ?? [])]
    expect(messages.map((message) => message?.$unknown?.[0]?.no)).toEqual(messages.map(() => 9000))
  })

  it('takes an axis of 0 or -1 of an input for an open one', () => {
    const b = new ModelBuilder()
    b.output(b.op('Identity', [b.input('ids', 'int64', [0, -1, 4, 'tokens'])]), 'int64')
    const { model } = readModel(b.bytes())
    expect(model.graph.inputs[0]?.dims).toEqual([null, null, 4, 'tokens'])
    const [input] = fromBinary(ModelProtoSchema, writeModel(model)).graph?.input ?? []
    const type = input?.type?.value
    const dims = type?.case === 'tensorType' ? type.value.shape?.dim : undefined
    expect(dims?.map(({ value }) => value.value)).toEqual([undefined, undefined, 4n, 'tokens'])
  })

  it('reads numbers from typed fields', () => {
    const initializer = [
      create(TensorProtoSchema, { name: 'floats', dataType: 1, dims: [2n], floatData: [1.5, -2] }),
      create(TensorProtoSchema, { name: 'ints', dataType: 7, dims: [2n], int64Data: [3n, -4n] }),
    ]
    const graph = create(GraphProtoSchema, {
      name: 'g',
      initializer,
      node: [create(NodeProtoSchema, { opType: 'Identity', input: ['floats'], output: ['y'] })],
    })
    const file = toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, graph }))
    const { model } = readModel(file)
    expect(model.graph.initializers.map((constant) => Array.from(numbersOf(constant) ?? []))).toEqual([
      [1.5, -2],
      [3, -4],
    ])
    expect(writeModel(model)).toEqual(file)
  })

  it('reads constants that start at any byte', () => {
    const bytes = new Uint8Array(13)
    bytes.set(new Uint8Array(Float32Array.of(1, 2, 3).buffer), 1)
    const constant = { name: 'c', elementType: 'float32', dims: [3], storage: { kind: 'bytes', bytes: bytes.subarray(1) } } as const
    expect(Array.from(numbersOf(constant) ?? [])).toEqual([1, 2, 3])
  })
})

describe('external data', () => {
  function twoWeights(): { readonly file: Uint8Array; readonly small: string; readonly big: string; readonly shape: string } {
    const builder = new ModelBuilder()
    const x = builder.input('x', 'float32', ['n'])
    const [small, big] = [builder.float([large - 1]), builder.float([large])]
    const shape = builder.int64(
      [large],
      Array.from({ length: large }, () => 1),
    )
    builder.output(builder.op('Concat', [x, small, big], { axis: 0 }))
    builder.output(builder.op('Identity', [shape]), 'int64')
    return { file: builder.bytes(), small, big, shape }
  }

  it('refers to large constants by their place in the file, and keeps small ones and shapes inside', () => {
    const { file, small, big, shape } = twoWeights()
    const written = writeModel(readModel(file).model, [{ path: 'here', data: file }])
    const tensors = new Map(fromBinary(ModelProtoSchema, written).graph?.initializer.map((tensor) => [tensor.name, tensor]))
    expect(tensors.get(small)?.rawData.length).toBe(4 * (large - 1))
    expect(tensors.get(shape)?.rawData.length).toBe(8 * large)
    const entries = Object.fromEntries(tensors.get(big)?.externalData.map(({ key, value }) => [key, value]) ?? [])
    expect(tensors.get(big)?.dataLocation).toBe(TensorProto_DataLocation.EXTERNAL)
    expect(entries.location).toBe('here')
    const offset = Number(entries.offset)
    expect(file.slice(offset, offset + Number(entries.length))).toEqual(rawBytes(file, big))
  })

  it('reads a model whose weights are in a second file, and passes them through', () => {
    const { file, big } = twoWeights()
    const second = file.slice()
    const outside = writeModel(readModel(file).model, [{ path: 'weights.bin', data: file }])
    const { model, externalFiles } = readModel(outside, (location) => (location === 'weights.bin' ? second : undefined))
    expect(externalFiles).toEqual([{ path: 'weights.bin', data: second }])
    expect(writeModel(model, externalFiles)).toEqual(outside)
    const constant = model.graph.initializers.find(({ name }) => name === big)
    expect(constant?.storage).toEqual({ kind: 'bytes', bytes: rawBytes(file, big) })
  })

  it('says which file is missing or too short', () => {
    const { file, big } = twoWeights()
    const outside = writeModel(readModel(file).model, [{ path: 'weights.bin', data: file }])
    expect(faultOf(() => readModel(outside))).toEqual({ kind: 'external-data-missing', location: 'weights.bin', tensor: big })
    expect(faultOf(() => readModel(outside, () => new Uint8Array(10)))).toMatchObject({
      kind: 'external-data-short',
      location: 'weights.bin',
      bytes: 10,
    })
  })
})

describe('subgraphs', () => {
  const branch = (operator: string) => {
    const nodes = [node(operator, ['x', `w${operator}`], [operator])]
    const initializers = [float32Constant(`w${operator}`, [large], new Float32Array(large))]
    const outputs = [{ name: operator, elementType: 'float32', dims: null }] as const
    return { kind: 'graph', value: { name: operator, nodes, initializers, inputs: [], outputs, valueInfo: [] } } as const
  }
  const builder = new ModelBuilder()
  builder.input('x', 'float32', [large])
  builder.output(builder.op('If', [builder.input('condition', 'bool', [])], { then_branch: branch('Mul'), else_branch: branch('Add') }))
  const file = builder.bytes()

  it('are read and written', () => {
    expect(writeModel(readModel(file).model)).toEqual(file)
  })

  it('hold their own constants, which the runtime does not look for elsewhere', () => {
    expect(writeModel(readModel(file).model, [{ path: 'here', data: file }])).toEqual(file)
  })
})

function rawBytes(file: Uint8Array, name: string): Uint8Array | undefined {
  return fromBinary(ModelProtoSchema, file).graph?.initializer.find((tensor) => tensor.name === name)?.rawData
}

function faultOf(run: () => unknown): unknown {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof GraphError ? error.fault : error
  }
}
