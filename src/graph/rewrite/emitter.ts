// Collects the plain operators that stand in place of fused ones. Equal computations on equal values are emitted once for the whole
// graph, so that layers share masks, rotations and shape arithmetic.

import { floatToHalf } from '#tensor/half'
import { type ElementType, elementCodeOf } from '../ir/element-type.ts'
import { GraphError } from '../ir/errors.ts'
import { type Attribute, type Graph, type GraphNode, type Initializer, labelOf, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'

/** Numbers stand for integers, lists for lists of integers. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>

/** What stands in place of a node. */
export interface Emitted {
  readonly nodes: readonly GraphNode[]
  readonly initializers: readonly Initializer[]
}

/** Element types that lowered arithmetic is in. */
export type RealType = 'float32' | 'float16' | 'float64'

/** What an end of a slice means by "to the end". */
export const END = 2 ** 31 - 1

/** From this version of ai.onnx on the axes of ReduceMean are an input. */
const REDUCE_AXES_ARE_INPUTS = 18

export class Emitter {
  readonly index: GraphIndex
  readonly #opset: number
  readonly #taken: Set<string>
  readonly #shared = new Map<string, string>()
  #node: GraphNode | null = null
  #nodes: GraphNode[] = []
  #initializers: Initializer[] = []

  constructor(graph: Graph, opset: number) {
    this.index = indexGraph(graph)
    this.#opset = opset
    const defined = [...graph.inputs, ...graph.initializers].map(({ name }) => name)
    this.#taken = new Set([...defined, ...graph.nodes.flatMap(({ outputs }) => outputs)])
  }

  /** Runs `lower` for one node and returns what it emitted, with the node's own names on the values it gave for the node's outputs. */
  collect(node: GraphNode, lower: () => readonly (string | null)[]): Emitted {
    this.#node = node
    this.#nodes = []
    this.#initializers = []
    const names = new Map<string, string>()
    for (const [place, value] of lower().entries()) {
      const output = node.outputs[place] ?? ''
      if (value === null || output === '') continue
      const fresh = this.#nodes.some(({ outputs }) => outputs.includes(value)) && !names.has(value)
      if (fresh) names.set(value, output)
      else this.#push('Identity', [value], {}, output)
    }
    // Mostly nothing was renamed, and much is shared.
    if (names.size > 0) for (const [key, value] of this.#shared) this.#shared.set(key, names.get(value) ?? value)
    const rename = (value: string): string => names.get(value) ?? value
    const nodes = this.#nodes.map((made) => ({ ...made, inputs: made.inputs.map(rename), outputs: made.outputs.map(rename) }))
    return { nodes, initializers: this.#initializers }
  }

  /** The output of an operator of ai.onnx on these inputs. */
  op(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const key = JSON.stringify([operator, inputs, attributes])
    return this.#once(key, () => this.#push(operator, inputs, attributes, this.#fresh(operator)))
  }

  /** A constant of real numbers in the given type; a scalar without dims. */
  real(type: RealType, values: readonly number[], dims: readonly number[] = []): string {
    return this.#constant(type, dims, REAL_BYTES[type](values), values)
  }

  /** A vector of int64. */
  ints(values: readonly number[]): string {
    return this.#constant('int64', [values.length], BigInt64Array.from(values, BigInt), values)
  }

  /** A scalar of int64. */
  int(value: number): string {
    return this.#constant('int64', [], BigInt64Array.of(BigInt(value)), [value])
  }

  /** A scalar of int32. */
  int32(value: number): string {
    return this.#constant('int32', [], Int32Array.of(value), [value])
  }

  /** A scalar of uint8. */
  byte(value: number): string {
    return this.#constant('uint8', [], Uint8Array.of(value), [value])
  }

  /** A constant that is kept as it is, under a name of its own. */
  weight(constant: Omit<Initializer, 'name'>): string {
    const name = this.#fresh('weight')
    this.#initializers.push({ ...constant, name })
    return name
  }

  /** The value in another type; itself where it has that type. */
  cast(value: string, from: ElementType, to: ElementType): string {
    return from === to ? value : this.op('Cast', [value], { to: elementCodeOf(to) })
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.op('Reshape', [value, this.ints(shape)])
  }

  transpose(value: string, perm: readonly number[]): string {
    return this.op('Transpose', [value], { perm })
  }

  unsqueeze(value: string, axes: readonly number[]): string {
    return this.op('Unsqueeze', [value, this.ints(axes)])
  }

  /** value[start, end) along an axis. */
  slice(value: string, axis: number, start: number, end: number): string {
    return this.op('Slice', [value, this.ints([start]), this.ints([end]), this.ints([axis])])
  }

  /** Mean over axes, which stay with length 1. */
  mean(value: string, axes: readonly number[]): string {
    if (this.#opset < REDUCE_AXES_ARE_INPUTS) return this.op('ReduceMean', [value], { axes, keepdims: 1 })
    return this.op('ReduceMean', [value, this.ints(axes)], { keepdims: 1 })
  }

  /** The length of an axis as an int64 scalar; read from an input of the graph where one surely has the same length. */
  length(value: string, axis: number): string {
    const shapes = inferShapes(this.index.graph)
    const size = shapes(value).dims?.at(axis)
    if (typeof size === 'number') return this.int(size)
    for (const { name } of size === undefined ? [] : this.index.graph.inputs) {
      const place = shapes(name).dims?.indexOf(size ?? '') ?? -1
      if (place >= 0) return this.op('Gather', [this.op('Shape', [name]), this.int(place)])
    }
    return this.op('Gather', [this.op('Shape', [value]), this.int(axis)])
  }

  /** Rank of a value of the graph. @throws GraphError unsupported-form where it cannot be told */
  rank(value: string, what: string): number {
    const rank = inferShapes(this.index.graph)(value).dims?.length
    return rank ?? this.refuse(`${what} of unknown rank`)
  }

  /** Length of an axis of a value of the graph where it is a number, else null. */
  size(value: string, axis: number): number | null {
    const size = inferShapes(this.index.graph)(value).dims?.at(axis)
    return typeof size === 'number' ? size : null
  }

  /** Element type of a value of the graph. @throws GraphError unsupported-type for types that are not real or cannot be told */
  realType(value: string): RealType {
    const type = inferElementType(this.index.graph, value)
    if (type === 'float32' || type === 'float16' || type === 'float64') return type
    throw new GraphError({ kind: 'unsupported-type', value, type: type ?? 'unknown' })
  }

  /** @throws GraphError unsupported-form, naming the node that is being lowered and the part of it that cannot be */
  refuse(part: string): never {
    const node = this.#node
    const [operator, label] = node === null ? ['', ''] : [operatorOf(node), labelOf(node)]
    throw new GraphError({ kind: 'unsupported-form', operator, node: label, part })
  }

  #constant(elementType: ElementType, dims: readonly number[], view: ArrayBufferView<ArrayBuffer>, values: readonly number[]): string {
    return this.#once(JSON.stringify([elementType, dims, values.map(String)]), () => {
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      return this.weight({ elementType, dims, storage: { kind: 'bytes', bytes } })
    })
  }

  #once(key: string, make: () => string): string {
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#shared.set(key, made)
    return made
  }

  #push(opType: string, inputs: readonly string[], attributes: Attributes, output: string): string {
    const full = new Map(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)]))
    this.#nodes.push({ name: '', opType, domain: '', inputs, outputs: [output], attributes: full })
    return output
  }

  #fresh(part: string): string {
    const stem = `${this.#node === null ? '' : labelOf(this.#node)}/${part}`
    let name = stem
    for (let copy = 1; this.#taken.has(name); copy++) name = `${stem}_${copy}`
    this.#taken.add(name)
    return name
  }
}

const REAL_BYTES: Readonly<Record<RealType, (values: readonly number[]) => ArrayBufferView<ArrayBuffer>>> = {
  float32: (values) => Float32Array.from(values),
  float16: (values) => Uint16Array.from(values, floatToHalf),
  float64: (values) => Float64Array.from(values),
}

function attributeOf(value: Attributes[string]): Attribute {
  if (typeof value === 'number') return { kind: 'int', value: BigInt(value) }
  if (typeof value === 'string') return { kind: 'string', value }
  return 'float' in value ? { kind: 'float', value: value.float } : { kind: 'ints', value: value.map(BigInt) }
}
