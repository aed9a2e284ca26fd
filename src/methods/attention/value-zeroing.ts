// How much each token's value vector matters to what a layer makes of every other token, layer by layer, read at the answer's place.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { cosine, elementAt, float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'

/**
 * Value zeroing (Mohebbi, Zuidema, Chrupała & Alishahi, 2023, "Quantifying context mixing in transformers"). In layer l the value vectors of
 * token j are set to zero in every head; what that changes at position i is 1 - cos(x_i, x_i without j), of the layer's whole output, MLP and
 * norms included (equation 5). Rows are divided by their sums, C_l[i,j], and the layers multiplied, C_L ... C_1, without a term of their own
 * for the residual stream (equation 6), read at the answer's place: shares of tokens that add up to 1, the same for every target. From the
 * last layer to the first, so that an answer that is stopped tells of the last layers. A position that no token changes keeps itself.
 * @throws as `model.statesWithZeroedValue` does
 */
export async function* valueZeroing(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { tokens } = model
  const { readOut, output } = await model.attention(cancel)
  const states = await model.hiddenStates(cancel)
  const all = Array.from({ length: tokens }, (__, token) => token)
  let shares = Float64Array.from(readOut)
  for (let layer = states.length - 2; layer >= 0; layer--) {
    const changed = await model.statesWithZeroedValue(layer, all, cancel)
    const mixing = contextMixing(elementAt(states, layer + 1), changed, tokens)
    shares = Float64Array.from(all, (key) => shares.reduce((sum, share, query) => sum + share * float64At(mixing, query * tokens + key), 0))
    const runs = 2 + (states.length - 1 - layer) * tokens
    yield { values: Float32Array.from(shares), isSigned: false, output, expectedSum: null, runs, left: layer * tokens, doubts: [] }
  }
}

/**
 * [T,T]: row = position, column = token whose value vectors are away; rows add up to 1.
 * @param state [T,d] output of a layer
 * @param changed of each token, [T,d] without its value vectors
 */
export function contextMixing(state: Float32Array, changed: readonly Float32Array[], tokens: number): Float64Array {
  const width = state.length / tokens
  const mixing = new Float64Array(tokens * tokens)
  for (let query = 0; query < tokens; query++) {
    const at = (rows: Float32Array): Float32Array => rows.subarray(query * width, (query + 1) * width)
    const distances = changed.map((one) => {
      const likeness = cosine(at(state), at(one))
      // A vector of no length points nowhere: nothing of what was there is left.
      return Number.isNaN(likeness) ? 1 : Math.max(0, 1 - likeness)
    })
    const sum = distances.reduce((total, distance) => total + distance, 0)
    distances.forEach((distance, key) => {
      mixing[query * tokens + key] = sum > 0 ? distance / sum : Number(key === query)
    })
  }
  return mixing
}
