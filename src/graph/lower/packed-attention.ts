// com.microsoft Attention: one product makes queries, keys and values.

import { type GraphNode, intAttribute, intsAttribute } from '../ir/graph.ts'
import type { Emitter } from '../rewrite/emitter.ts'
import { attend, joinHeads, splitHeads, swapHeads } from './attention-core.ts'
import { refuseComputedCaches } from './caches.ts'
import { inputOf, type Lowerings, optionalInput, refuseInputs } from './lowering.ts'
import { scaleOf, scoreBiases } from './score-biases.ts'

/** input [B,T,d], weights [d,q+k+v], bias? [q+k+v], mask?, past?, attention bias? -> output [B,T,v], present (not computed). */
function packedAttention(node: GraphNode, to: Emitter): readonly (string | null)[] {
  const [input, weights, bias] = [inputOf(node, 0, to), inputOf(node, 1, to), optionalInput(node, 2)]
  if (intAttribute(node, 'do_rotary', 0) !== 0) to.refuse('do_rotary')
  refuseComputedCaches(node, { 4: 'past' }, to)
  refuseInputs(node, { 6: 'past_sequence_length' }, to)
  const heads = intAttribute(node, 'num_heads', null) ?? to.refuse('num_heads')
  const type = to.realType(input)
  const product = to.op('MatMul', [input, weights])
  const joined = bias === null ? product : to.op('Add', [product, bias])
  const parts = splitWidths(joined, widthsOf(node, weights, bias, to), to)
  const [query = '', key = '', value = ''] = parts.map((part) => swapHeads(splitHeads(part, heads, type, to), to))
  const length = to.length(input, 1)
  const biases = scoreBiases(node, { mask: 3, bias: 5 }, { batch: to.length(input, 0), queries: length, keys: length }, to)
  const { context } = attend({ query, key, value }, { scale: scaleOf(node), softcap: 0, biases }, to)
  return [joinHeads(context, type, to), null]
}

/** Widths of q, k and v: stated, or a third each. */
function widthsOf(node: GraphNode, weights: string, bias: string | null, to: Emitter): readonly number[] {
  const stated = intsAttribute(node, 'qkv_hidden_sizes')
  if (stated !== null && stated.length === 3) return stated
  const total = to.size(weights, -1) ?? (bias === null ? null : to.size(bias, 0)) ?? to.refuse('weights of unknown width')
  return [total / 3, total / 3, total / 3]
}

/** Parts of the last axis, of the widths given. */
function splitWidths(value: string, widths: readonly number[], to: Emitter): readonly string[] {
  return widths.map((width, place) => {
    const start = widths.slice(0, place).reduce((sum, before) => sum + before, 0)
    return to.slice(value, -1, start, start + width)
  })
}

export const packedAttentionLowerings: Lowerings = { 'com.microsoft:Attention': packedAttention }
