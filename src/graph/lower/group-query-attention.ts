// com.microsoft GroupQueryAttention: causal, several query heads for each key and value head, rotary embedding inside.

import { type GraphNode, intAttribute } from '../ir/graph.ts'
import type { Emitter, RealType } from '../rewrite/emitter.ts'
import { attend, type Heads, joinHeads, repeatHeads, splitHeads, swapHeads } from './attention-core.ts'
import { refuseComputedCaches } from './caches.ts'
import { floatAttribute, inputOf, type Lowerings, optionalInput, refuseInputs } from './lowering.ts'
import { biasWhere, causalBand, countTo, LOWEST } from './masks.ts'
import { rootMeanSquareNorm } from './norms.ts'
import { type Rotation, rotate, turningPart } from './rotary.ts'
import { scaleOf } from './score-biases.ts'

const UNKNOWN_INPUTS = { 12: 'k_scale', 13: 'v_scale', 16: 'query_seqlens' }

interface Grouped {
  readonly heads: number
  readonly groups: number
  readonly type: RealType
}

/** query (or all three joined), key?, value?, past?, lengths, total, tables?, positions?, bias?, sinks?, norms? -> output [B,T,N*H], caches and scores (not computed). */
function groupQueryAttention(node: GraphNode, to: Emitter): readonly (string | null)[] {
  refuseInputs(node, UNKNOWN_INPUTS, to)
  refuseComputedCaches(node, { 3: 'past_key', 4: 'past_value' }, to)
  const query = inputOf(node, 0, to)
  const heads = intAttribute(node, 'num_heads', null) ?? to.refuse('num_heads')
  const groups = intAttribute(node, 'kv_num_heads', null) ?? to.refuse('kv_num_heads')
  const grouped = { heads, groups, type: to.realType(query) }
  const parts = partsOf(node, grouped, to)
  const rotation = rotationOf(node, grouped, to)
  const turn = (x: string, norm: HeadNorm): string => {
    const normed = normHeads(node, x, norm, to)
    return rotation === null ? normed : rotate(normed, 2, rotation, to)
  }
  const spread = (x: string): string => swapHeads(repeatHeads(x, groups, heads, to), to)
  const attention = {
    query: swapHeads(turn(parts.query, QUERY_NORM), to),
    key: spread(turn(parts.key, KEY_NORM)),
    value: spread(parts.value),
  }
  const options = {
    scale: scaleOf(node),
    softcap: floatAttribute(node, 'softcap', 0),
    biases: biasesOf(node, to),
    sinks: sinksOf(node, heads, to),
  }
  return [joinHeads(attend(attention, options, to).context, grouped.type, to), null, null, null]
}

interface HeadNorm {
  readonly place: number
  readonly epsilon: string
}
const QUERY_NORM: HeadNorm = { place: 14, epsilon: 'q_norm_epsilon' }
const KEY_NORM: HeadNorm = { place: 15, epsilon: 'k_norm_epsilon' }

/** [B,T,N,H] in float32, each head by its root mean square where there is a weight [H]. */
function normHeads(node: GraphNode, value: string, { place, epsilon }: HeadNorm, to: Emitter): string {
  const weight = optionalInput(node, place)
  if (weight === null) return value
  const scale = to.cast(weight, to.realType(weight), 'float32')
  const own = floatAttribute(node, epsilon, null) ?? floatAttribute(node, 'qk_norm_epsilon', 1e-6)
  return rootMeanSquareNorm({ value, type: 'float32', scale, scaleType: 'float32', epsilon: own, axes: [-1] }, to)
}

/** A score of each head [1,N,1,1] that takes a share of every row and belongs to no key: learned, or 0. null for none. */
function sinksOf(node: GraphNode, heads: number, to: Emitter): string | null {
  const sinks = optionalInput(node, 11)
  if (sinks !== null) return to.reshape(to.cast(sinks, to.realType(sinks), 'float32'), [1, heads, 1, 1])
  return intAttribute(node, 'smooth_softmax', 0) === 1 ? to.real('float32', [0], [1, 1, 1, 1]) : null
}

/** Not turned and not repeated yet: [B,T,N,H] and twice [B,T,G,H], in float32. */
function partsOf(node: GraphNode, { heads, groups, type }: Grouped, to: Emitter): Heads {
  const [query, key, value] = [inputOf(node, 0, to), optionalInput(node, 1), optionalInput(node, 2)]
  if (key !== null && value !== null) {
    return { query: splitHeads(query, heads, type, to), key: splitHeads(key, groups, type, to), value: splitHeads(value, groups, type, to) }
  }
  const all = splitHeads(query, heads + 2 * groups, type, to)
  const part = (start: number, count: number): string => to.slice(all, 2, start, start + count)
  return { query: part(0, heads), key: part(heads, groups), value: part(heads + groups, groups) }
}

function rotationOf(node: GraphNode, { heads, groups, type }: Grouped, to: Emitter): Rotation | null {
  if (intAttribute(node, 'do_rotary', 0) === 0) return null
  const tables = [inputOf(node, 7, to), inputOf(node, 8, to)]
  const positions = optionalInput(node, 9) ?? to.unsqueeze(countTo(to.length(inputOf(node, 0, to), 1), to), [0])
  const [cos = '', sin = ''] = tables.map((table) => to.cast(to.op('Gather', [table, positions]), type, 'float32'))
  const pairs = to.size(tables[0] ?? '', 1) ?? to.refuse('cos_cache of unknown width')
  const width = to.size(inputOf(node, 0, to), 2)
  const headSize = width === null ? null : width / (optionalInput(node, 1) === null ? heads + 2 * groups : heads)
  return { cos, sin, interleaved: intAttribute(node, 'rotary_interleaved', 0) === 1, turning: turningPart(2 * pairs, headSize) }
}

/** Direction, window and lengths in one mask; the additive bias beside it. */
function biasesOf(node: GraphNode, to: Emitter): readonly string[] {
  const bias = optionalInput(node, 10)
  const additive = bias === null ? [] : [to.cast(bias, to.realType(bias), 'float32')]
  const length = to.length(inputOf(node, 0, to), 1)
  const window = intAttribute(node, 'local_window_size', -1)
  const real = realKeys(node, length, to)
  if (intAttribute(node, 'causal', 1) === 0) return [...additive, biasWhere(real, LOWEST, to)]
  const band = causalBand({ queries: length, keys: length, window: window > 0 ? window : null }, to)
  return [...additive, biasWhere(to.op('And', [band, real]), LOWEST, to)]
}

/** [B,1,1,S] bool: keys up to the last real one, whose place is given for each sequence. */
function realKeys(node: GraphNode, length: string, to: Emitter): string {
  const last = to.reshape(inputOf(node, 5, to), [-1, 1, 1, 1])
  return to.op('LessOrEqual', [to.op('Cast', [countTo(length, to)], { to: 6 }), last])
}

export const groupQueryAttentionLowerings: Lowerings = { 'com.microsoft:GroupQueryAttention': groupQueryAttention }
