// How much of each token could have reached the place that the answer is read from, if attention were all that moved anything.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { type LayerAttention, mixedAttention, readRow } from './mixed-attention.ts'

/**
 * Attention of the layers multiplied, each the mean of its heads and half of it the residual stream, read at the answer's place: shares of
 * tokens that add up to 1, the same for every target. Abnar & Zuidema (2020), "Quantifying attention flow in transformers", equation 1.
 */
export async function* rollout(model: TargetModel, _: AttributionOptions, cancel: Cancel): AsyncGenerator<MethodAnswer, void, undefined> {
  const { layers, readOut, output } = await model.attention(cancel)
  const values = readRow(rolledOut(layers, model.tokens), readOut)
  yield { values, isSigned: false, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}

/** [T,T]: row = where it arrived, column = where it came from; rows add up to 1. */
export function rolledOut(layers: readonly LayerAttention[], tokens: number): Float64Array {
  let rolled = new Float64Array(tokens * tokens)
  for (let at = 0; at < tokens; at++) rolled[at * (tokens + 1)] = 1
  for (const layer of layers) rolled = product(mixedAttention(layer, tokens), rolled, tokens)
  return rolled
}

/** Two [T,T] multiplied. */
export function product(left: Float64Array, right: Float64Array, tokens: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(tokens * tokens)
  for (let row = 0; row < tokens; row++) {
    for (let inner = 0; inner < tokens; inner++) {
      const factor = float64At(left, row * tokens + inner)
      if (factor === 0) continue
      for (let column = 0; column < tokens; column++) {
        const at = row * tokens + column
        result[at] = float64At(result, at) + factor * float64At(right, inner * tokens + column)
      }
    }
  }
  return result
}
