// The graph to ONNX bytes. Large constants are not written: the message points into the buffers they are views of.

import { create, isMessage, type Message, toBinary } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { elementCodeOf } from '../ir/element-type.ts'
import type { Attribute, Graph, GraphNode, Initializer, Model, Origin, ValueInfo } from '../ir/graph.ts'
import type { ExternalData } from './external-data.ts'

/** Constants below this many bytes are written into the graph: shape inference reads them, and a reference would be as long. */
export const MIN_EXTERNAL_BYTES = 1024

/** Serialises a model. Constants of MIN_EXTERNAL_BYTES or more that are views of one of `buffers` become references to its path. */
export function writeModel(model: Model, buffers: readonly ExternalData[] = []): Uint8Array {
  const proto = rebuild(ModelProtoSchema, model.origin)
  proto.irVersion = BigInt(model.irVersion)
  proto.opsetImport = Array.from(model.opsets, ([domain, version]) =>
    create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }),
  )
  // Functions are inlined before a model is written; one that keeps them keeps their messages.
  if (model.functions.size === 0) proto.functions = []
  proto.graph = writeGraph(model.graph, buffers)
  return toBinary(ModelProtoSchema, proto)
}

/** True for constants that the written graph refers to instead of holding them. Vectors of int64 are shapes: those stay inside. */
export function isExternalised(constant: Initializer): boolean {
  if (constant.storage.kind !== 'bytes' || constant.storage.bytes.length < MIN_EXTERNAL_BYTES) return false
  return constant.elementType !== 'int64' || constant.dims.length > 1
}

function writeGraph(graph: Graph, buffers: readonly ExternalData[]): GraphProto {
  const proto = rebuild(GraphProtoSchema, graph.origin)
  proto.name = graph.name
  proto.node = graph.nodes.map(writeNode)
  proto.initializer = graph.initializers.map((initializer) => writeTensor(initializer, buffers))
  proto.input = graph.inputs.map(writeValueInfo)
  proto.output = graph.outputs.map(writeValueInfo)
  const defined = new Set([...graph.initializers.map(({ name }) => name), ...graph.nodes.flatMap((node) => node.outputs)])
  proto.valueInfo = graph.valueInfo.filter(({ name }) => defined.has(name)).map(writeValueInfo)
  return proto
}

function writeNode(node: GraphNode): NodeProto {
  const proto = rebuild(NodeProtoSchema, node.origin)
  if (node.name !== '') proto.name = node.name
  proto.opType = node.opType
  if (node.domain !== '') proto.domain = node.domain
  if (node.overload !== undefined) proto.overload = node.overload
  proto.input = [...node.inputs]
  proto.output = [...node.outputs]
  proto.attribute = Array.from(node.attributes, ([name, attribute]) => writeAttribute(name, attribute))
  return proto
}

function writeAttribute(name: string, attribute: Attribute): AttributeProto {
  const proto = rebuild(AttributeProtoSchema, attribute.origin)
  proto.name = name
  switch (attribute.kind) {
    case 'float':
      return Object.assign(proto, { type: AttributeType.FLOAT, f: attribute.value })
    case 'int':
      return Object.assign(proto, { type: AttributeType.INT, i: attribute.value })
    case 'string':
      // What was read keeps its bytes: only new strings, which are operators' ASCII keywords, are encoded here.
      if (attribute.origin !== undefined) return proto
      return Object.assign(proto, { type: AttributeType.STRING, s: Uint8Array.from(attribute.value, (char) => char.charCodeAt(0)) })
    case 'floats':
      return Object.assign(proto, { type: AttributeType.FLOATS, floats: [...attribute.value] })
    case 'ints':
      return Object.assign(proto, { type: AttributeType.INTS, ints: [...attribute.value] })
    case 'tensor':
      // The runtime reads attributes only from the message itself, so these are never external.
      return Object.assign(proto, { type: AttributeType.TENSOR, t: writeTensor(attribute.value, []) })
    case 'graph':
      // onnxruntime-web finds given external data only for constants of the main graph (1.30).
      return Object.assign(proto, { type: AttributeType.GRAPH, g: writeGraph(attribute.value, []) })
    case 'reference':
    case 'opaque':
      return proto
  }
}

function writeTensor(tensor: Initializer, buffers: readonly ExternalData[]): TensorProto {
  const { storage } = tensor
  const proto = rebuild(TensorProtoSchema, tensor.origin, ['rawData', 'dataLocation'])
  proto.externalData = []
  proto.name = tensor.name
  proto.dims = tensor.dims.map(BigInt)
  proto.dataType = elementCodeOf(tensor.elementType)
  if (storage.kind !== 'bytes') return proto
  const home = isExternalised(tensor) ? buffers.find((buffer) => contains(buffer.data, storage.bytes)) : undefined
  if (home === undefined) {
    proto.rawData = asOwned(storage.bytes)
    return proto
  }
  const entries = { location: home.path, offset: storage.bytes.byteOffset - home.data.byteOffset, length: storage.bytes.length }
  proto.dataLocation = DataLocation.EXTERNAL
  proto.externalData = Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value: String(value) }))
  return proto
}

function writeValueInfo(info: ValueInfo): ValueInfoProto {
  const proto = rebuild(ValueInfoProtoSchema, info.origin)
  proto.name = info.name
  if (info.origin !== undefined || info.elementType === null) return proto
  const dim = info.dims?.map((size) => {
    if (size === null) return create(TensorShapeProto_DimensionSchema)
    const value = typeof size === 'number' ? { case: 'dimValue' as const, value: BigInt(size) } : { case: 'dimParam' as const, value: size }
    return create(TensorShapeProto_DimensionSchema, { value })
  })
  const tensor = create(TypeProto_TensorSchema, { elemType: elementCodeOf(info.elementType) })
  if (dim !== undefined) tensor.shape = create(TensorShapeProtoSchema, { dim })
  proto.type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } })
  return proto
}

/** A new message with the fields its origin has, unknown ones included, except single fields left out; the origin is not touched. */
function rebuild<Shape extends Message>(
  schema: GenMessage<Shape>,
  origin: Origin | undefined,
  without: readonly (keyof Shape)[] = [],
): Shape {
  const message = create(schema)
  if (!isMessage(origin, schema)) return message
  Object.assign(message, origin)
  // Deleted, not set to a default: in proto2 a field that is set is written.
  for (const field of without) Reflect.deleteProperty(message, field)
  return message
}

function contains(buffer: Uint8Array, part: Uint8Array): boolean {
  return (
    buffer.buffer === part.buffer &&
    buffer.byteOffset <= part.byteOffset &&
    part.byteOffset + part.byteLength <= buffer.byteOffset + buffer.byteLength
  )
}

/** The generated types ask for bytes over an ArrayBuffer; bytes over shared memory are copied to one. */
function asOwned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes)
}
