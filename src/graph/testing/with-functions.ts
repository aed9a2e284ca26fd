// Files that define operators themselves, built in code.

import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  FunctionProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
} from 'onnx-buf'
import type { Attribute, GraphNode } from '../ir/graph.ts'
import { writeModel } from '../proto/write.ts'
import { ModelBuilder } from './build.ts'

export interface BuiltFunction {
  readonly domain: string
  readonly name: string
  readonly overload?: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly GraphNode[]
  readonly defaults?: Readonly<Record<string, Attribute>>
  readonly opsets: Readonly<Record<string, number>>
}

/** An attribute of a function's node that the call gives. */
export function reference(name: string, type: keyof typeof AttributeType): Attribute {
  return { kind: 'reference', value: name, origin: create(AttributeProtoSchema, { refAttrName: name, type: AttributeType[type] }) }
}

/** The file with functions; overloads of the calls must be given by their nodes. */
export function withFunctions(file: Uint8Array, functions: readonly BuiltFunction[]): Uint8Array {
  const model = fromBinary(ModelProtoSchema, file)
  // Overloads came with this version of the format.
  model.irVersion = 10n
  model.functions = functions.map(({ domain, name, overload = '', inputs, outputs, nodes, defaults = {}, opsets }) =>
    create(FunctionProtoSchema, {
      domain,
      name,
      ...(overload === '' ? {} : { overload }),
      input: [...inputs],
      output: [...outputs],
      node: messagesOf(nodes),
      attribute: namesOf(nodes).filter((attribute) => !(attribute in defaults)),
      attributeProto: attributesOf(defaults),
      opsetImport: Object.entries(opsets).map(([of, version]) =>
        create(OperatorSetIdProtoSchema, { domain: of, version: BigInt(version) }),
      ),
    }),
  )
  return toBinary(ModelProtoSchema, model)
}

function messagesOf(nodes: readonly GraphNode[]) {
  const model = new ModelBuilder().model()
  const written = fromBinary(ModelProtoSchema, writeModel({ ...model, graph: { ...model.graph, nodes } }))
  return written.graph?.node ?? []
}

function attributesOf(attributes: Readonly<Record<string, Attribute>>) {
  const node: GraphNode = { name: '', opType: 'Any', domain: '', inputs: [], outputs: [], attributes: new Map(Object.entries(attributes)) }
  return messagesOf([node])[0]?.attribute ?? []
}

function namesOf(nodes: readonly GraphNode[]): readonly string[] {
  const attributes = nodes.flatMap((node) => Array.from(node.attributes.values()))
  return Array.from(new Set(attributes.flatMap((attribute) => (attribute.kind === 'reference' ? [attribute.value] : []))))
}
