// The graph as immutable data. Passes copy what they change and share the rest; nothing here is ever written to.

import type { ElementType } from './element-type.ts'

/** The message a thing was read from. Opaque: proto/ writes back from it what this layer does not model; nobody else looks inside. */
export interface Origin {
  readonly $typeName: string
}

/** Where a constant's elements are. `bytes` is little-endian and usually a view into the file: weights are never copied. */
export type Storage =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Numbers in the message's typed fields (float_data, int64_data ...); float16 and bfloat16 as bit patterns. */
  | { readonly kind: 'numbers'; readonly numbers: ArrayLike<number> | ArrayLike<bigint> }
  /** Strings and whatever else is only passed through. */
  | { readonly kind: 'opaque' }

/** A constant tensor of the graph; also the value of a tensor attribute, where the name says nothing. */
export interface Initializer {
  readonly name: string
  readonly elementType: ElementType
  readonly dims: readonly number[]
  readonly storage: Storage
  readonly origin?: Origin
}

export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly bigint[] }
  | { readonly kind: 'tensor'; readonly value: Initializer }
  | { readonly kind: 'graph'; readonly value: Graph }
  /** Inside a function: what its call gives under another name, or its default. */
  | { readonly kind: 'reference'; readonly value: string }
  /** Types, sparse tensors, lists of strings ...: passed through. */
  | { readonly kind: 'opaque' }

export type Attribute = AttributeValue & { readonly origin?: Origin }

export interface GraphNode {
  readonly name: string
  readonly opType: string
  /** '' is ai.onnx. */
  readonly domain: string
  /** Value names; '' is an optional input left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, Attribute>
  /** Tells functions of one name apart. */
  readonly overload?: string
  readonly origin?: Origin
}

/** A dimension: a size, a symbol, or not known. */
export type Dimension = number | string | null

export interface ValueInfo {
  readonly name: string
  /** null where the value is no tensor or the type is not given. */
  readonly elementType: ElementType | null
  /** null where the rank is not known. */
  readonly dims: readonly Dimension[] | null
  readonly origin?: Origin
}

export interface Graph {
  readonly name: string
  /** In topological order. */
  readonly nodes: readonly GraphNode[]
  readonly initializers: readonly Initializer[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** What the file says about types and shapes of inner values. */
  readonly valueInfo: readonly ValueInfo[]
  readonly origin?: Origin
}

/** An operator that the file defines itself. Its values are its own: nothing is taken from outside but inputs and attributes. */
export interface FunctionBody {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** What attributes are where a call leaves them out; those without a default are missing here. */
  readonly defaults: ReadonlyMap<string, Attribute>
  readonly opsets: ReadonlyMap<string, number>
  readonly nodes: readonly GraphNode[]
}

export interface Model {
  readonly irVersion: number
  /** Version by domain; '' is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>
  /** Operators the file defines itself, as `functionOf` names them. */
  readonly functions: ReadonlyMap<string, FunctionBody>
  readonly graph: Graph
  readonly origin?: Origin
}

/** An operator's name with its domain: `Softmax`, `com.microsoft:Attention`. */
export function operatorOf(node: Pick<GraphNode, 'opType' | 'domain'>): string {
  return node.domain === '' ? node.opType : `${node.domain}:${node.opType}`
}

/** The function that a node would call. */
export function functionOf(node: Pick<GraphNode, 'opType' | 'domain' | 'overload'>): string {
  return `${operatorOf(node)}${node.overload === undefined || node.overload === '' ? '' : `:${node.overload}`}`
}

/** How messages name a node: many exporters leave the name empty, so its first output stands in. */
export function labelOf(node: GraphNode): string {
  return node.name !== '' ? node.name : (node.outputs[0] ?? operatorOf(node))
}

/** An integer attribute as a number, or `fallback` where the node has none. */
export function intAttribute<Fallback extends number | null>(node: GraphNode, name: string, fallback: Fallback): number | Fallback {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'int' ? Number(attribute.value) : fallback
}

/** A list of integers as numbers, null where the node has none. */
export function intsAttribute(node: GraphNode, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' ? attribute.value.map(Number) : null
}

/** The graphs a node carries (If, Loop, Scan). */
export function subgraphsOf(node: GraphNode): readonly Graph[] {
  const graphs: Graph[] = []
  for (const attribute of node.attributes.values()) if (attribute.kind === 'graph') graphs.push(attribute.value)
  return graphs
}
