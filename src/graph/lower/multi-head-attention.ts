// com.microsoft MultiHeadAttention: queries, keys and values come in four forms.

import { type GraphNode, intAttribute } from '../ir/graph.ts'
import { type Emitter, END, type RealType } from '../rewrite/emitter.ts'
import { attend, type Heads, joinHeads, splitHeads, swapHeads } from './attention-core.ts'
import { refuseComputedCaches } from './caches.ts'
import { inputOf, type Lowerings, optionalInput, refuseInputs } from './lowering.ts'
import { scaleOf, scoreBiases } from './score-biases.ts'

interface Source {
  readonly query: string
  readonly key: string | null
  readonly value: string | null
  readonly bias: Biases | null
  readonly heads: number
  readonly type: RealType
}

/** Parts of the bias [q+k+v]. */
interface Biases {
  readonly query: string
  readonly key: string
  readonly value: string
}

/** query, key?, value?, bias?, key mask?, attention bias?, past? -> output [B,T,v], present key and value, scores (not computed). */
function multiHeadAttention(node: GraphNode, to: Emitter): readonly (string | null)[] {
  refuseComputedCaches(node, { 6: 'past_key', 7: 'past_value' }, to)
  refuseInputs(node, { 8: 'past_sequence_length', 9: 'cache_indirection' }, to)
  const [query, key] = [inputOf(node, 0, to), optionalInput(node, 1)]
  const heads = intAttribute(node, 'num_heads', null) ?? to.refuse('num_heads')
  const type = to.realType(query)
  const source = { query, key, value: optionalInput(node, 2), bias: biasesOf(node, to), heads, type }
  const timeOfKeys = key !== null && to.rank(key, 'key') === 4 ? 2 : 1
  const lengths = { batch: to.length(query, 0), queries: to.length(query, 1), keys: to.length(key ?? query, timeOfKeys) }
  const biases = scoreBiases(node, { mask: 4, bias: 5 }, lengths, to)
  const { context } = attend(headsOf(source, to), { scale: scaleOf(node), softcap: 0, biases }, to)
  return [joinHeads(context, type, to), null, null, null]
}

function biasesOf(node: GraphNode, to: Emitter): Biases | null {
  const bias = optionalInput(node, 3)
  if (bias === null) return null
  const query = inputOf(node, 0, to)
  const queryWidth = to.rank(query, 'query') === 3 ? to.size(query, 2) : null
  const total = to.size(bias, 0)
  const width = queryWidth ?? (total === null ? to.refuse('bias of unknown width') : total / 3)
  return { query: to.slice(bias, 0, 0, width), key: to.slice(bias, 0, width, 2 * width), value: to.slice(bias, 0, 2 * width, END) }
}

function headsOf(source: Source, to: Emitter): Heads {
  const { query, key, value, bias, heads, type } = source
  const fromRows = (rows: string, part: string | undefined): string =>
    swapHeads(splitHeads(part === undefined ? rows : to.op('Add', [rows, part]), heads, type, to), to)
  if (to.rank(query, 'query') === 5) {
    const rows = (place: number): string => to.reshape(to.op('Gather', [query, to.int(place)], { axis: 3 }), [0, 0, -1])
    return { query: fromRows(rows(0), bias?.query), key: fromRows(rows(1), bias?.key), value: fromRows(rows(2), bias?.value) }
  }
  if (key === null) return to.refuse('query without a key')
  if (to.rank(key, 'key') === 5) {
    const part = (place: number): string => swapHeads(to.cast(to.op('Gather', [key, to.int(place)], { axis: 3 }), type, 'float32'), to)
    if (bias !== null) to.refuse('bias on packed keys and values')
    return { query: fromRows(query, undefined), key: part(0), value: part(1) }
  }
  if (value === null) return to.refuse('key without a value')
  if (to.rank(key, 'key') === 4) {
    // Keys and values of another sequence, projected once: they have their biases already.
    return { query: fromRows(query, bias?.query), key: to.cast(key, type, 'float32'), value: to.cast(value, type, 'float32') }
  }
  return { query: fromRows(query, bias?.query), key: fromRows(key, bias?.key), value: fromRows(value, bias?.value) }
}

export const multiHeadAttentionLowerings: Lowerings = { 'com.microsoft:MultiHeadAttention': multiHeadAttention }
