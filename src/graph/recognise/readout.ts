// How the residual stream is read: where it ends before the output head, and the product by which each layer's heads write into it.

import { type Graph, type GraphNode, intAttribute, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph } from '../ir/graph-index.ts'
import { constantExpression, match } from '../rewrite/pattern.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { findBlocks } from './blocks.ts'
import { normInput } from './norm.ts'
import type { Parts } from './parts.ts'

/** The output projection of an attention: what the heads give, joined, times W_O. */
export interface Projection {
  readonly product: GraphNode
  /** Left operand of the product: the heads' outputs side by side, [B,T,H*hd] or [B*T,H*hd]. */
  readonly joined: string
  /** Constants that are added to the product before it is in the stream. */
  readonly offsets: readonly string[]
}

export interface Readout {
  /** The stream before a final norm that belongs to the head; the last state where there is none. */
  readonly end: string
  /** Whether the head multiplies the norm of that, or that itself, with nothing else between. */
  readonly isNormed: boolean
  /** As `findProjections`. */
  readonly projections: readonly (Projection | null)[]
}

const COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Dropout', 'Reshape', 'Squeeze', 'Unsqueeze'])
const PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'com.microsoft:MatMulNBits', 'com.microsoft:FusedMatMul'])

/** null for a model without a recognised head or residual stream. */
export function findReadout(graph: Graph, { attentions, hiddenStates, head }: Parts): Readout | null {
  const last = hiddenStates.at(-1)
  if (head === null || last === undefined) return null
  const index = indexGraph(graph)
  // Where norms follow the blocks, the last one is the last layer's.
  const isPlain = normInput(hiddenStates.at(-2) ?? '', index) === null
  const end = isPlain ? (normInput(last, index) ?? last) : last
  const hidden = behindCopies(head.hidden, index)
  const isNormed = isPlain && (hidden === behindCopies(end, index) || normInput(hidden, index) === end)
  return { end, isNormed, projections: findProjections(graph, { attentions, hiddenStates }) }
}

/** One a layer; null where something that is not linear stands between the heads and the stream. */
export function findProjections(
  graph: Graph,
  { attentions, hiddenStates }: Pick<Parts, 'attentions' | 'hiddenStates'>,
): readonly (Projection | null)[] {
  const index = indexGraph(graph)
  const blocks = findBlocks(graph, attentions, hiddenStates)
  return attentions.map(({ context }, layer): Projection | null => {
    const block = blocks[layer]?.attention ?? null
    return block === null ? null : projectionOf(block.value, block.offsets, context, index)
  })
}

/** H*hd, by the weight of the product; null where the graph does not tell it. */
export function joinedWidth({ product }: Projection, graph: Graph): number | null {
  if (operatorOf(product) === 'com.microsoft:MatMulNBits') return intAttribute(product, 'K', null)
  const rows = inferShapes(graph)(product.inputs[1] ?? '').dims?.at(intAttribute(product, 'transB', 0) === 0 ? -2 : -1)
  return typeof rows === 'number' ? rows : null
}

/** The product behind a block's output, where only constants are added on the way, and the heads come to it as they are. */
function projectionOf(value: string, offsets: readonly string[], context: GraphNode, index: GraphIndex): Projection | null {
  const node = index.producer(value)
  if (node === undefined) return null
  const operator = operatorOf(node)
  const [first = '', second = ''] = node.inputs
  if (PRODUCTS.has(operator)) {
    const plain = ['transA', 'transBatchA', 'transBatchB'].every((name) => intAttribute(node, name, 0) === 0)
    const weights = node.inputs.slice(1).every((input) => input === '' || isConstant(input, index))
    return plain && weights && joins(first, context, index) ? { product: node, joined: first, offsets } : null
  }
  if (COPIES.has(operator)) return projectionOf(first, offsets, context, index)
  if (operator !== 'Add') return null
  if (isConstant(second, index)) return projectionOf(first, [...offsets, second], context, index)
  return isConstant(first, index) ? projectionOf(second, [...offsets, first], context, index) : null
}

/** Whether a value is what the heads give, moved only. */
function joins(value: string, context: GraphNode, index: GraphIndex): boolean {
  const node = index.producer(value)
  if (node === undefined) return false
  return (
    node === context || ((COPIES.has(operatorOf(node)) || operatorOf(node) === 'Transpose') && joins(node.inputs[0] ?? '', context, index))
  )
}

function behindCopies(value: string, index: GraphIndex): string {
  const node = index.producer(value)
  return node !== undefined && COPIES.has(operatorOf(node)) ? behindCopies(node.inputs[0] ?? '', index) : value
}

function isConstant(value: string, index: GraphIndex): boolean {
  return match(constantExpression, value, index) !== null
}
