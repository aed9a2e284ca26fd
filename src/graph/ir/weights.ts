// What a graph's weights are: how many, in which precision, how many bytes, and how many they would have unpacked to float32.

import { byteLengthOf, type ElementType } from './element-type.ts'
import { type Graph, type GraphNode, type Initializer, intAttribute, operatorOf, subgraphsOf } from './graph.ts'

export interface WeightSummary {
  /** Elements of all weights; a weight shared by layers counts once. */
  readonly parameters: number
  /** Precisions by the elements that have them, most first: `float32`, `int8`, `4 bits`. */
  readonly precision: readonly string[]
  readonly bytes: number
  /** Bytes with the weights of products unpacked to float32. */
  readonly unpackedBytes: number
}

const REAL: ReadonlySet<ElementType> = new Set(['float32', 'float16', 'bfloat16', 'float64'])
const QUANTISED: ReadonlySet<ElementType> = new Set(['int8', 'uint8', 'int4', 'uint4', 'int2', 'uint2'])
/** A precision that fewer of the weights have is that of scales and norms, and says nothing of the model. */
const WORTH_A_NAME = 0.02
const FLOAT_BYTES = 4

/** Weights packed several to a byte: how many there are, and in which precision. */
interface Packing {
  readonly elements: number
  readonly precision: string
}

/** Weights are constants of more than one element that are real numbers, or quantised ones. */
export function summariseWeights(graph: Graph): WeightSummary {
  const packings = new Map<string, Packing>()
  const keys = new Set<string>()
  collectPackings(graph, packings, keys)
  const elements = new Map<string, number>()
  const seen = new Map<ArrayBufferLike, Set<number>>()
  let bytes = 0
  let unpackedBytes = 0
  for (const initializer of allInitializers(graph)) {
    const packing = packings.get(initializer.name)
    const isNew = takePlace(initializer, seen)
    const own = isNew ? (byteLengthOf(initializer.elementType, countOf(initializer)) ?? 0) : 0
    bytes += own
    // Each product has unpacked weights of its own, also where the packed bytes are another's.
    unpackedBytes += packing === undefined ? own : packing.elements * FLOAT_BYTES
    if (!isNew || (packing === undefined && !isWeight(initializer)) || keys.has(initializer.name)) continue
    const { elements: count, precision } = packing ?? { elements: countOf(initializer), precision: initializer.elementType }
    elements.set(precision, (elements.get(precision) ?? 0) + count)
  }
  const parameters = [...elements.values()].reduce((sum, count) => sum + count, 0)
  const ranked = [...elements].sort(([, one], [, other]) => other - one)
  const named = ranked.filter(([, count], place) => place === 0 || count > WORTH_A_NAME * parameters)
  return { parameters, precision: named.map(([precision]) => precision), bytes, unpackedBytes }
}

/** Notes where the elements are; false where another constant has the same bytes. */
function takePlace({ storage }: Initializer, seen: Map<ArrayBufferLike, Set<number>>): boolean {
  if (storage.kind !== 'bytes') return true
  const { buffer, byteOffset } = storage.bytes
  const places = seen.get(buffer) ?? new Set()
  seen.set(buffer, places)
  if (places.has(byteOffset)) return false
  places.add(byteOffset)
  return true
}

/** Packed weights of products by the name of their constant, and the scales and zero points that unpack weights: they are no weights. */
function collectPackings(graph: Graph, packings: Map<string, Packing>, keys: Set<string>): void {
  for (const node of graph.nodes) {
    const packing = packingOf(node)
    const weight = node.inputs[1]
    if (packing !== null && weight !== undefined) packings.set(weight, packing)
    for (const key of keysOf(node, packing)) keys.add(key)
    for (const subgraph of subgraphsOf(node)) collectPackings(subgraph, packings, keys)
  }
}

function keysOf(node: GraphNode, packing: Packing | null): readonly string[] {
  if (packing !== null || operatorOf(node) === 'com.microsoft:GatherBlockQuantized') return node.inputs.slice(2, 4)
  return operatorOf(node) === 'DequantizeLinear' ? node.inputs.slice(1, 3) : []
}

function packingOf(node: GraphNode): Packing | null {
  const [rows, columns] = ['K', 'N'].map((name) => intAttribute(node, name, 0))
  const elements = (rows ?? 0) * (columns ?? 0)
  if (elements === 0) return null
  if (operatorOf(node) === 'com.microsoft:MatMulNBits') return { elements, precision: `${intAttribute(node, 'bits', 4)} bits` }
  return operatorOf(node) === 'com.microsoft:MatMulBnb4' ? { elements, precision: '4 bits' } : null
}

function allInitializers(graph: Graph): readonly Initializer[] {
  return [...graph.initializers, ...graph.nodes.flatMap((node) => subgraphsOf(node).flatMap(allInitializers))]
}

function isWeight(initializer: Initializer): boolean {
  const { elementType } = initializer
  return (REAL.has(elementType) || QUANTISED.has(elementType)) && countOf(initializer) > 1
}

function countOf({ dims }: Initializer): number {
  return dims.reduce((product, size) => product * size, 1)
}
