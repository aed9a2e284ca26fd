// A float32 graph in float64, and float64 numbers through a runtime that is fed float32: each number goes as a pair of floats.

import { numbersOf } from '#graph/ir/constant'
import type { Attribute, Graph, GraphNode, Initializer, Model, ValueInfo } from '#graph/ir/graph'
import { node } from '#graph/testing/build'
import type { Tensor } from '#tensor/tensor'

const FLOAT64 = 11

/** The same computation with float32 inputs, constants and casts as float64. */
export function toDouble(model: Model): Model {
  const { graph } = model
  const wide = (info: ValueInfo): ValueInfo => (info.elementType === 'float32' ? { ...info, elementType: 'float64' } : info)
  const widened: Graph = {
    ...graph,
    inputs: graph.inputs.map(wide),
    outputs: graph.outputs.map(wide),
    initializers: graph.initializers.map(doubled),
    nodes: graph.nodes.map((made) => ({
      ...made,
      attributes: new Map(Array.from(made.attributes, ([name, value]) => [name, castTo(value, name)])),
    })),
  }
  return { ...model, graph: widened }
}

function doubled(constant: Initializer): Initializer {
  if (constant.elementType !== 'float32') return constant
  const bytes = new Uint8Array(Float64Array.from(numbersOf(constant) ?? []).buffer)
  return { ...constant, elementType: 'float64', storage: { kind: 'bytes', bytes } }
}

function castTo(attribute: Attribute, name: string): Attribute {
  return name === 'to' && attribute.kind === 'int' && attribute.value === 1n ? { kind: 'int', value: BigInt(FLOAT64) } : attribute
}

/** The model with each of the named float64 values fed, or given, as a pair of float32. */
export function throughFloats(model: Model, outputs: readonly string[]): Model {
  const { graph } = model
  const isWide = ({ elementType }: ValueInfo): boolean => elementType === 'float64'
  const entries: GraphNode[] = []
  const inputs = graph.inputs.flatMap((info): readonly ValueInfo[] => {
    if (!isWide(info)) return [info]
    const [high, low] = partsOf(info.name)
    entries.push(cast(high, `${high}.wide`, FLOAT64), cast(low, `${low}.wide`, FLOAT64))
    entries.push(node('Add', [`${high}.wide`, `${low}.wide`], [info.name]))
    return [high, low].map((name) => ({ name, elementType: 'float32', dims: info.dims }))
  })
  const exits = outputs.flatMap((name) => {
    const [high, low] = partsOf(name)
    return [
      cast(name, high, 1),
      cast(high, `${high}.again`, FLOAT64),
      node('Sub', [name, `${high}.again`], [`${low}.wide`]),
      cast(`${low}.wide`, low, 1),
    ]
  })
  const given = outputs.flatMap(partsOf).map((name): ValueInfo => ({ name, elementType: 'float32', dims: null }))
  return { ...model, graph: { ...graph, inputs, outputs: given, nodes: [...entries, ...graph.nodes, ...exits] } }
}

function partsOf(name: string): readonly [high: string, low: string] {
  return [`${name}.high`, `${name}.low`]
}

function cast(from: string, made: string, to: number): GraphNode {
  return node('Cast', [from], [made], { to })
}

export interface WideTensor {
  readonly dims: readonly number[]
  readonly data: Float64Array
}

export function split(name: string, { dims, data }: WideTensor): Readonly<Record<string, Tensor>> {
  const high = Float32Array.from(data)
  const [first, second] = partsOf(name)
  return { [first]: { dims, data: high }, [second]: { dims, data: Float32Array.from(data, (value, at) => value - (high[at] ?? 0)) } }
}

export function join(name: string, results: Readonly<Record<string, Tensor>>): WideTensor {
  const [first, second] = partsOf(name).map((part) => results[part])
  return { dims: first?.dims ?? [], data: Float64Array.from(first?.data ?? [], (value, at) => value + (second?.data[at] ?? Number.NaN)) }
}
