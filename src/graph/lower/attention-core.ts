// softmax(cap(q k^T scale) + biases) v, in float32 throughout, as the plain operators that recognition looks for.

import type { Emitter, RealType } from '../rewrite/emitter.ts'

export interface Heads {
  /** [B,N,T,H] */
  readonly query: string
  /** [B,N,S,H] */
  readonly key: string
  /** [B,N,S,Hv] */
  readonly value: string
}

export interface ScoreOptions {
  /** null for 1 / sqrt(head size). */
  readonly scale: number | null
  /** Scores are capped to this many, smoothly, before biases; 0 for none. */
  readonly softcap: number
  /** float32, each broadcast to [B,N,T,S]. */
  readonly biases: readonly string[]
  /** [1,N,1,1] or [1,1,1,1], float32: a score beside those of the keys, which takes its share of every row; left out or null for none. */
  readonly sinks?: string | null
}

/** Values on the way, each [B,N,T,S] and float32. */
export interface AttentionStages {
  readonly scaled: string
  readonly capped: string
  readonly biased: string
  readonly probabilities: string
}

export interface AttentionResult extends AttentionStages {
  /** [B,N,T,Hv], float32 */
  readonly context: string
}

/** Scaled dot-product attention (Vaswani et al., "Attention is all you need", 2017, equation 1) on float32 heads. */
export function attend({ query, key, value }: Heads, { scale, softcap, biases, sinks = null }: ScoreOptions, to: Emitter): AttentionResult {
  const product = to.op('MatMul', [query, to.transpose(key, [0, 1, 3, 2])])
  const scaled = scale === null ? to.op('Div', [product, rootOfHeadSize(query, to)]) : to.op('Mul', [product, to.real('float32', [scale])])
  const capped = softcap === 0 ? scaled : cap(scaled, softcap, to)
  const biased = biases.reduce((scores, bias) => to.op('Add', [scores, bias]), capped)
  const probabilities = sinks === null ? to.op('Softmax', [biased], { axis: -1 }) : besideSinks(biased, sinks, to)
  return { scaled, capped, biased, probabilities, context: to.op('MatMul', [probabilities, value]) }
}

/** Softmax over the keys and a sink, without the sink's share (OpenAI, "gpt-oss model card", 2025, section 2.3). */
function besideSinks(scores: string, sinks: string, to: Emitter): string {
  const column = to.op('Expand', [sinks, to.op('Shape', [to.slice(scores, 3, 0, 1)])])
  const shares = to.op('Softmax', [to.op('Concat', [scores, column], { axis: -1 })], { axis: -1 })
  return to.slice(shares, 3, 0, -1)
}

/** sqrt(H) of [B,N,T,H]. */
function rootOfHeadSize(query: string, to: Emitter): string {
  const size = to.slice(to.op('Shape', [query]), 0, 3, 4)
  return to.op('Sqrt', [to.op('Cast', [size], { to: 1 })])
}

/** limit tanh(scores / limit) (Gemma Team, "Gemma 2", 2024, section 2). */
function cap(scores: string, limit: number, to: Emitter): string {
  const bound = to.real('float32', [limit])
  return to.op('Mul', [to.op('Tanh', [to.op('Div', [scores, bound])]), bound])
}

/** [B,T,N*H] of any real type -> [B,T,N,H] in float32. */
export function splitHeads(value: string, heads: number, type: RealType, to: Emitter): string {
  return to.reshape(to.cast(value, type, 'float32'), [0, 0, heads, -1])
}

/** [B,T,N,H] -> [B,N,T,H], and back. */
export function swapHeads(value: string, to: Emitter): string {
  return to.transpose(value, [0, 2, 1, 3])
}

/** [B,S,G,H] -> [B,S,N,H]: each of the G heads N/G times in a row (Ainslie et al., "GQA", 2023). */
export function repeatHeads(value: string, groups: number, heads: number, to: Emitter): string {
  if (groups === heads) return value
  if (heads % groups !== 0) return to.refuse(`${heads} heads in ${groups} groups`)
  const spread = to.reshape(value, [0, 0, groups, 1, -1])
  const repeated = to.op('Expand', [spread, to.ints([1, 1, 1, heads / groups, 1])])
  return to.reshape(repeated, [0, 0, heads, -1])
}

/** [B,N,T,H] in float32 -> [B,T,N*H] in the given type. */
export function joinHeads(context: string, type: RealType, to: Emitter): string {
  return to.cast(to.reshape(swapHeads(context, to), [0, 0, -1]), 'float32', type)
}
