// The weight of an output head: how many tokens it scores, and whether it is the embedding table itself.

import { type Graph, type GraphNode, type Initializer, intAttribute, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import type { Head } from './output-head.ts'

export interface HeadWeight {
  /** Tokens that are scored: a padded or cut vocabulary may differ from the embedding's. null where shapes do not tell. */
  readonly vocabulary: number | null
  /** Whether the constant is the one that the embedding looks up (Press and Wolf, "Using the output embedding", 2017). */
  readonly isTied: boolean
  /** Operators that make the product's operand of the constant, from the constant on; packed weights are opened by the product itself. */
  readonly steps: readonly string[]
}

const STEPS: ReadonlySet<string> = new Set(['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Cast', 'Identity', 'DequantizeLinear'])

/** null where the weight is computed of several constants. */
export function headWeight({ node }: Head, embedding: GraphNode | null, graph: Graph): HeadWeight | null {
  const index = indexGraph(graph)
  const source = sourceOf(node.inputs[1] ?? '', index)
  if (source === null) return null
  const table = embedding === null ? null : sourceOf(embedding.inputs[0] ?? '', index)
  return { vocabulary: columnsOf(node, graph), isTied: table !== null && isSame(source.constant, table.constant), steps: source.steps }
}

interface Source {
  readonly constant: Initializer
  readonly steps: readonly string[]
}

function sourceOf(value: string, index: GraphIndex): Source | null {
  const steps: string[] = []
  let name = value
  for (let node = index.producer(name); node !== undefined; node = index.producer(name)) {
    if (!STEPS.has(operatorOf(node))) return null
    steps.unshift(operatorOf(node))
    name = node.inputs[0] ?? ''
  }
  const constant = index.initializer(name)
  return constant === undefined ? null : { constant, steps }
}

/** One constant may be written under two names that point to the same bytes. */
function isSame(left: Initializer, right: Initializer): boolean {
  if (left.name === right.name) return true
  if (left.storage.kind !== 'bytes' || right.storage.kind !== 'bytes') return false
  const [a, b] = [left.storage.bytes, right.storage.bytes]
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength && a.byteLength > 0
}

function columnsOf(product: GraphNode, graph: Graph): number | null {
  const packed = intAttribute(product, 'N', null)
  if (packed !== null) return packed
  const dims = inferShapes(graph)(product.inputs[1] ?? '').dims
  const columns = dims?.at(intAttribute(product, 'transB', 0) === 0 ? -1 : -2)
  return typeof columns === 'number' ? columns : null
}
