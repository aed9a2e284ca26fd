// What each layer adds to the residual stream. Between two states the stream itself is a way of sums, norms and copies without a
// product; what the sums on it add are the outputs of the blocks.

import { type Graph, type GraphNode, operatorOf } from '../ir/graph.ts'
import { type GraphIndex, indexGraph, usesOf } from '../ir/graph-index.ts'
import { constantExpression, match } from '../rewrite/pattern.ts'
import type { Attention } from './attention.ts'
import { normInput } from './norm.ts'

/** The output of a block: a value, and constants that are added to the stream after it. */
export interface BlockOutput {
  readonly value: string
  readonly offsets: readonly string[]
}

/** null where it was not recognised, or where the layer has none or several of the kind. */
export interface LayerBlocks {
  /** What the attention adds, after the output projection and norms that stand before the sum. */
  readonly attention: BlockOutput | null
  readonly mlp: BlockOutput | null
  /** The stream as the second block gets and skips it: the attention is in it, the MLP is not. null for blocks beside each other. */
  readonly middle: string | null
}

/** A sum on the stream, the state that the layer begins with being last. */
interface Sum {
  readonly block: BlockOutput
  /** The operand that is the stream. */
  readonly stream: string
}

/** They leave every number as it is. */
const COPIES: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Dropout', 'Reshape', 'Squeeze', 'Unsqueeze'])
/** A layer's norms, sums, casts and reshapes are fewer by far. */
const LONGEST_WAY = 64
const NOTHING: LayerBlocks = { attention: null, mlp: null, middle: null }

/** @param hiddenStates one more than attentions, or none: then nothing is found */
export function findBlocks(graph: Graph, attentions: readonly Attention[], hiddenStates: readonly string[]): readonly LayerBlocks[] {
  const index = indexGraph(graph)
  return attentions.map((attention, layer) => {
    const [before, after] = hiddenStates.slice(layer, layer + 2)
    const sums = before === undefined || after === undefined ? null : sumsBetween(before, after, index, [], LONGEST_WAY)
    return sums === null ? NOTHING : sortSums(sums, attention, index)
  })
}

/** The sums on the way from a state to the one before, the latest first; null where no way without a product leads there. */
function sumsBetween(start: string, value: string, index: GraphIndex, offsets: readonly string[], left: number): readonly Sum[] | null {
  if (value === start) return []
  const node = index.producer(value)
  if (node === undefined || left === 0) return null
  const next = (stream: string, kept: readonly string[]) => sumsBetween(start, stream, index, kept, left - 1)
  const normed = normInput(value, index)
  if (normed !== null) return next(normed, [])
  const operator = operatorOf(node)
  const [first = '', second = ''] = node.inputs
  if (COPIES.has(operator)) return next(first, offsets)
  if ((operator !== 'Add' && operator !== 'Mul') || node.inputs.length !== 2) return null
  for (const [stream, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (isConstant(other, index)) return next(stream, operator === 'Add' ? [...offsets, other] : [])
    const rest = operator === 'Add' && !isConstant(stream, index) ? next(stream, []) : null
    if (rest !== null) return [{ block: { value: other, offsets }, stream }, ...rest]
  }
  return null
}

function sortSums(sums: readonly Sum[], { context }: Attention, index: GraphIndex): LayerBlocks {
  const depends = ({ value }: BlockOutput): boolean => dependsOn(value, context, index)
  const parted = sums.flatMap((sum) => partSum(sum, depends, index))
  // In the order of the layer: what the attention leads to first is its own block, and what comes after it depends on it too.
  const ordered = parted.toReversed()
  const place = ordered.findIndex(({ block }) => depends(block))
  const attention = ordered[place]
  if (attention === undefined) return NOTHING
  const others = ordered.filter((sum) => sum !== attention)
  const [mlp] = others
  if (mlp === undefined || others.length > 1) return { ...NOTHING, attention: attention.block }
  return { attention: attention.block, mlp: mlp.block, middle: depends(mlp.block) ? mlp.stream : null }
}

/** Blocks beside each other may be added to each other before they are added to the stream. */
function partSum(sum: Sum, depends: (block: BlockOutput) => boolean, index: GraphIndex): readonly Sum[] {
  const { value, offsets } = sum.block
  const node = index.producer(value)
  if (node === undefined || operatorOf(node) !== 'Add' || node.inputs.some((input) => isConstant(input, index))) return [sum]
  const parts = node.inputs.map((input): Sum => ({ block: { value: input, offsets: [] }, stream: sum.stream }))
  const [attention, ...more] = parts.filter(({ block }) => depends(block))
  const mlp = parts.find((part) => part !== attention)
  if (attention === undefined || mlp === undefined || more.length > 0) return [sum]
  return [{ ...mlp, block: { ...mlp.block, offsets } }, attention]
}

function dependsOn(value: string, node: GraphNode, index: GraphIndex): boolean {
  const oldest = index.position(node)
  const reached = new Set([index.producer(value)])
  // A set grows while it is walked; what is older than the node does not depend on it.
  for (const maker of reached) {
    if (maker === node) return true
    if (maker === undefined || index.position(maker) < oldest) continue
    for (const input of usesOf(maker)) reached.add(index.producer(input))
  }
  return false
}

function isConstant(value: string, index: GraphIndex): boolean {
  return match(constantExpression, value, index) !== null
}
