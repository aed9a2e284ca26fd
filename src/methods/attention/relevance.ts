// What was mixed into the place that the answer is read from, counting only attention that raises the target.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { float32At, float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { AttentionGradients, MethodAnswer, TargetModel } from '../method.ts'
import { readRow } from './mixed-attention.ts'
import { product } from './rollout.ts'

/**
 * Attention times its gradient, positive parts only, mean over heads, and passed on from layer to layer, R <- R + A R. Chefer et al.
 * (2021), "Generic attention-model explainability for interpreting bi-modal and encoder-decoder transformers", equations 5 and 6. Read at
 * the answer's place, less the identity that R begins with: not negative, without a unit, and specific to the target.
 */
export async function* relevance(model: TargetModel, _: AttributionOptions, cancel: Cancel): AsyncGenerator<MethodAnswer, void, undefined> {
  const { layers, readOut, output } = await model.attention(cancel)
  const gathered = relevanceMatrix(layers, model.tokens)
  for (let at = 0; at < model.tokens; at++) gathered[at * (model.tokens + 1)] = float64At(gathered, at * (model.tokens + 1)) - 1
  yield { values: readRow(gathered, readOut), isSigned: false, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}

/** R [T,T] of the last layer, the identity included: row = where it arrived, column = where it came from. */
export function relevanceMatrix(layers: AttentionGradients['layers'], tokens: number): Float64Array {
  const size = tokens * tokens
  const gathered = new Float64Array(size)
  for (let at = 0; at < tokens; at++) gathered[at * (tokens + 1)] = 1
  for (const { heads, values, gradient } of layers) {
    const raising = new Float64Array(size)
    for (let at = 0; at < heads * size; at++) {
      raising[at % size] = float64At(raising, at % size) + Math.max(0, float32At(values, at) * float32At(gradient, at)) / heads
    }
    product(raising, gathered, tokens).forEach((value, at) => {
      gathered[at] = float64At(gathered, at) + value
    })
  }
  return gathered
}
