// Attention sinks: tokens that take attention and say nothing of the text, where heads put what they do not need (Xiao et al. 2023,
// "Efficient Streaming Language Models with Attention Sinks"; Clark et al. 2019 for [CLS] and [SEP]).

import { float32At, int32At } from '#tensor/vector'
import type { Token } from '#text/token'
import type { AttentionRun } from './attention.ts'
import { headMatrix } from './reduce.ts'

/** A sink takes more than this share of the other tokens' attention, on average over them, in more than this share of the heads. */
const MOST = 0.5

/**
 * Positions of the sinks, ascending: the special tokens of the model's template, and every position that takes more than half of the
 * mean attention of the other queries in more than half of all heads, which in a causal model is the first token. None where nothing
 * else would be left.
 */
export function findSinks(run: AttentionRun, tokens: readonly Pick<Token, 'source'>[]): readonly number[] {
  const taking = headsTaking(run)
  const heads = run.layers.reduce((sum, layer) => sum + layer.heads, 0)
  const sinks = Array.from({ length: run.tokens }, (_, at) => at).filter(
    (at) => tokens[at]?.source === 'template' || int32At(taking, at) > MOST * heads,
  )
  return sinks.length < run.tokens ? sinks : []
}

/** Of each position [T]: the heads in which it takes more than half of the mean attention of the other queries. */
function headsTaking(run: AttentionRun): Int32Array {
  const { tokens } = run
  const taking = new Int32Array(tokens)
  const others = tokens - 1
  if (others < 1) return taking
  const received = new Float32Array(tokens)
  run.layers.forEach(({ heads }, layer) => {
    for (let head = 0; head < heads; head++) {
      addColumns(headMatrix(run, { layer, head }), tokens, received)
      for (let at = 0; at < tokens; at++) if (float32At(received, at) > MOST * others) taking[at] = int32At(taking, at) + 1
    }
  })
  return taking
}

/** Writes to `received` [T] what each position gets from all others: column sums of a matrix [T, T] without its diagonal. */
function addColumns(matrix: Float32Array, tokens: number, received: Float32Array): void {
  received.fill(0)
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key < tokens; key++) {
      if (key !== query) received[key] = float32At(received, key) + float32At(matrix, query * tokens + key)
    }
  }
}
