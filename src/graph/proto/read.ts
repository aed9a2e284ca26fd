// ONNX bytes to the immutable graph. Weights stay views into the bytes; what is not modelled stays in each thing's origin.

import { fromBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'
import { sizeOf } from '#tensor/tensor'
import { byteLengthOf, elementTypeOf } from '../ir/element-type.ts'
import { GraphError } from '../ir/errors.ts'
import {
  type Attribute,
  type Dimension,
  type FunctionBody,
  functionOf,
  type Graph,
  type GraphNode,
  type Initializer,
  type Model,
  type Storage,
  type ValueInfo,
} from '../ir/graph.ts'
import { type ExternalData, ExternalFiles, type ResolveExternal } from './external-data.ts'
import { sniff } from './sniff.ts'

/** Deepest If/Loop nesting that is read: real files have one or two levels, and deeper ones would only exhaust the stack. */
const MAX_SUBGRAPH_DEPTH = 8
/** Largest exports seen have about 30,000 nodes; beyond this the walks over the graph would block the worker for seconds. */
export const MAX_NODES = 200_000

export interface ReadModel {
  readonly model: Model
  /** The second files that tensors are in. */
  readonly externalFiles: readonly ExternalData[]
}

/**
 * Parses an ONNX file. The bytes must not change afterwards: weights are views into them.
 * @throws GraphError for files that are not ONNX, are cut off, or lack their external data
 */
export function readModel(file: Uint8Array, external?: ResolveExternal): ReadModel {
  sniff(file)
  const reader = new Reader(external)
  return { model: reader.model(parse(file)), externalFiles: reader.external.files() }
}

function parse(file: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, file)
  } catch (cause) {
    throw new GraphError({ kind: 'not-onnx', looksLike: 'unknown' }, cause)
  }
}

class Reader {
  readonly external: ExternalFiles
  #nodes = 0

  constructor(resolve: ResolveExternal | undefined) {
    this.external = new ExternalFiles(resolve)
  }

  model(proto: ModelProto): Model {
    if (proto.graph === undefined) throw new GraphError({ kind: 'not-onnx', looksLike: 'unknown' })
    return {
      irVersion: Number(proto.irVersion),
      opsets: readOpsets(proto),
      functions: new Map(proto.functions.map((fn) => [nameOf(fn), this.function(fn)])),
      graph: this.graph(proto.graph, 0),
      origin: proto,
    }
  }

  function(proto: FunctionProto): FunctionBody {
    this.#count(proto.node)
    return {
      inputs: proto.input,
      outputs: proto.output,
      defaults: new Map(proto.attributeProto.map((attribute) => [attribute.name, this.attribute(attribute, 0)])),
      opsets: readOpsets(proto),
      nodes: proto.node.map((node) => this.node(node, 0)),
    }
  }

  #count(nodes: readonly NodeProto[]): void {
    this.#nodes += nodes.length
    if (this.#nodes > MAX_NODES) throw new GraphError({ kind: 'graph-too-large', what: 'nodes', size: this.#nodes, limit: MAX_NODES })
  }

  graph(proto: GraphProto, depth: number): Graph {
    if (depth > MAX_SUBGRAPH_DEPTH)
      throw new GraphError({ kind: 'graph-too-large', what: 'subgraph-depth', size: depth, limit: MAX_SUBGRAPH_DEPTH })
    this.#count(proto.node)
    return {
      name: proto.name,
      nodes: proto.node.map((node) => this.node(node, depth)),
      initializers: proto.initializer.map((tensor) => this.tensor(tensor)),
      inputs: proto.input.map(readValueInfo),
      outputs: proto.output.map(readValueInfo),
      valueInfo: proto.valueInfo.map(readValueInfo),
      origin: proto,
    }
  }

  node(proto: NodeProto, depth: number): GraphNode {
    return {
      name: proto.name,
      opType: proto.opType,
      domain: plainDomain(proto.domain),
      inputs: proto.input,
      outputs: proto.output,
      attributes: new Map(proto.attribute.map((attribute) => [attribute.name, this.attribute(attribute, depth)])),
      ...(proto.overload === '' ? {} : { overload: proto.overload }),
      origin: proto,
    }
  }

  attribute(proto: AttributeProto, depth: number): Attribute {
    const origin = proto
    if (proto.refAttrName !== '') return { kind: 'reference', value: proto.refAttrName, origin }
    switch (proto.type) {
      case AttributeType.FLOAT:
        return { kind: 'float', value: proto.f, origin }
      case AttributeType.INT:
        return { kind: 'int', value: proto.i, origin }
      case AttributeType.STRING:
        return { kind: 'string', value: String.fromCharCode(...proto.s.subarray(0, 256)), origin }
      case AttributeType.FLOATS:
        return { kind: 'floats', value: proto.floats, origin }
      case AttributeType.INTS:
        return { kind: 'ints', value: proto.ints, origin }
      case AttributeType.TENSOR:
        return proto.t === undefined ? { kind: 'opaque', origin } : { kind: 'tensor', value: this.tensor(proto.t), origin }
      case AttributeType.GRAPH:
        return proto.g === undefined ? { kind: 'opaque', origin } : { kind: 'graph', value: this.graph(proto.g, depth + 1), origin }
      default:
        return { kind: 'opaque', origin }
    }
  }

  tensor(proto: TensorProto): Initializer {
    const elementType = elementTypeOf(proto.dataType)
    if (elementType === null) throw new GraphError({ kind: 'unsupported-type', value: proto.name, type: String(proto.dataType) })
    const dims = proto.dims.map(Number)
    return { name: proto.name, elementType, dims, storage: this.storage(proto, byteLengthOf(elementType, sizeOf(dims))), origin: proto }
  }

  storage(proto: TensorProto, byteLength: number | null): Storage {
    if (proto.dataLocation === DataLocation.EXTERNAL) {
      const entries = new Map(proto.externalData.map((entry) => [entry.key, entry.value]))
      const length = entries.get('length')
      const offset = Number(entries.get('offset') ?? 0)
      const bytes = this.external.view(
        proto.name,
        entries.get('location') ?? '',
        offset,
        length === undefined ? byteLength : Number(length),
      )
      return { kind: 'bytes', bytes }
    }
    if (proto.stringData.length > 0 || byteLength === null) return { kind: 'opaque' }
    const fields = [proto.floatData, proto.int32Data, proto.int64Data, proto.doubleData, proto.uint64Data]
    const numbers = fields.find((field) => field.length > 0)
    return numbers === undefined ? { kind: 'bytes', bytes: proto.rawData } : { kind: 'numbers', numbers }
  }
}

function readOpsets({ opsetImport }: Pick<ModelProto, 'opsetImport'>): ReadonlyMap<string, number> {
  return new Map(opsetImport.map(({ domain, version }) => [plainDomain(domain), Number(version)]))
}

function nameOf({ name, domain, overload }: FunctionProto): string {
  return functionOf({ opType: name, domain: plainDomain(domain), overload })
}

function readValueInfo(proto: ValueInfoProto): ValueInfo {
  const type = proto.type?.value
  if (type?.case !== 'tensorType') return { name: proto.name, elementType: null, dims: null, origin: proto }
  let isAsWritten = true
  const dims = type.value.shape?.dim.map((dim): Dimension => {
    if (dim.value.case !== 'dimValue') return dim.value.case === 'dimParam' && dim.value.value !== '' ? dim.value.value : null
    if (dim.value.value > 0) return Number(dim.value.value)
    // Some exporters write an open axis as 0 or -1, which a runtime takes for a length.
    isAsWritten = false
    return null
  })
  const info = { name: proto.name, elementType: elementTypeOf(type.value.elemType), dims: dims ?? null }
  return isAsWritten ? { ...info, origin: proto } : info
}

function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}
