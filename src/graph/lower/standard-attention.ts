// Attention of ai.onnx (opset 23 on).

import { type GraphNode, intAttribute } from '../ir/graph.ts'
import { inferElementType } from '../ir/infer-type.ts'
import type { Emitter, RealType } from '../rewrite/emitter.ts'
import { type AttentionResult, attend, type Heads, joinHeads, repeatHeads, splitHeads, swapHeads } from './attention-core.ts'
import { refuseComputedCaches } from './caches.ts'
import { floatAttribute, inputOf, type Lowerings, optionalInput, refuseInputs } from './lowering.ts'
import { biasWhere, causalBand, LOWEST } from './masks.ts'

/** Q [B,N,T,H], K [B,G,S,H], V [B,G,S,Hv], or joined [B,T,N*H] ..., mask?, past? -> Y like Q, caches (not computed), scores. */
function standardAttention(node: GraphNode, to: Emitter): readonly (string | null)[] {
  refuseComputedCaches(node, { 4: 'past_key', 5: 'past_value' }, to)
  refuseInputs(node, { 6: 'nonpad_kv_seqlen' }, to)
  for (const side of ['left_window_size', 'right_window_size']) if (intAttribute(node, side, -1) >= 0) to.refuse(side)
  const query = inputOf(node, 0, to)
  const type = to.realType(query)
  const joined = to.rank(query, 'Q') === 3
  const scale = floatAttribute(node, 'scale', null)
  const options = { scale, softcap: floatAttribute(node, 'softcap', 0), biases: biasesOf(node, joined ? 1 : 2, to) }
  const result = attend(joined ? joinedHeads(node, type, to) : openHeads(node, type, to), options, to)
  const output = joined ? joinHeads(result.context, type, to) : to.cast(result.context, 'float32', type)
  return [output, null, null, stageOf(node, result, type, to)]
}

function joinedHeads(node: GraphNode, type: RealType, to: Emitter): Heads {
  const heads = intAttribute(node, 'q_num_heads', null) ?? to.refuse('q_num_heads')
  const groups = intAttribute(node, 'kv_num_heads', null) ?? to.refuse('kv_num_heads')
  const spread = (place: number): string =>
    swapHeads(repeatHeads(splitHeads(inputOf(node, place, to), groups, type, to), groups, heads, to), to)
  return { query: swapHeads(splitHeads(inputOf(node, 0, to), heads, type, to), to), key: spread(1), value: spread(2) }
}

function openHeads(node: GraphNode, type: RealType, to: Emitter): Heads {
  const [query = '', key = '', value = ''] = [0, 1, 2].map((place) => to.cast(inputOf(node, place, to), type, 'float32'))
  const [heads, groups] = [to.size(inputOf(node, 0, to), 1), to.size(inputOf(node, 1, to), 1)]
  // Sizes that are not known are taken as equal: an exporter that repeats keys inside the operator states them.
  if (heads === null || groups === null || heads === groups) return { query, key, value }
  const spread = (x: string): string => swapHeads(repeatHeads(swapHeads(x, to), groups, heads, to), to)
  return { query, key: spread(key), value: spread(value) }
}

function biasesOf(node: GraphNode, timeAxis: number, to: Emitter): readonly string[] {
  const mask = optionalInput(node, 3)
  const biases = mask === null ? [] : [additive(mask, to)]
  if (intAttribute(node, 'is_causal', 0) === 1) {
    const [queries, keys] = [to.length(inputOf(node, 0, to), timeAxis), to.length(inputOf(node, 1, to), timeAxis)]
    biases.push(biasWhere(causalBand({ queries, keys, window: null }, to), LOWEST, to))
  }
  return biases
}

/** A mask of truths becomes a bias, one of real numbers is one. */
function additive(mask: string, to: Emitter): string {
  if (inferElementType(to.index.graph, mask) === 'bool') return biasWhere(mask, LOWEST, to)
  return to.cast(mask, to.realType(mask), 'float32')
}

/** The scores that the node gives on request, null where nothing uses them. */
function stageOf(node: GraphNode, result: AttentionResult, type: RealType, to: Emitter): string | null {
  const output = node.outputs[3] ?? ''
  if (output === '') return null
  const stages = [result.scaled, result.capped, result.biased, result.probabilities]
  const stage = stages[intAttribute(node, 'qk_matmul_output_mode', 0)] ?? to.refuse('qk_matmul_output_mode')
  return to.cast(stage, 'float32', type)
}

export const standardAttentionLowerings: Lowerings = { Attention: standardAttention }
