// How much the target hangs on the attention that is paid to each token.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { float32At, float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { AttentionGradients, MethodAnswer, TargetModel } from '../method.ts'

/**
 * Attention times the target's gradient there, summed over layers, heads and queries for each key: the derivative of the target by a
 * factor on all attention that is paid to the token; signed, in units of the target. Barkan et al. (2021), "Grad-SAM: explaining
 * transformers via gradient self-attention maps", who leave out what is negative and take means.
 */
export async function* gradientTimesAttention(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { layers, output } = await model.attention(cancel)
  const sums = new Float64Array(model.tokens)
  for (const { values, gradient } of layers) {
    values.forEach((value, at) => {
      const key = at % model.tokens
      sums[key] = float64At(sums, key) + value * float32At(gradient, at)
    })
  }
  yield { values: Float32Array.from(sums), isSigned: true, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}

/**
 * [layers * heads]: the derivative of the target by a factor on each head's output, in units of the target. Of o = A v it is the sum of
 * A times its gradient over queries and keys. Michel et al. (2019), "Are sixteen heads really better than one?", equation 2, whose mean of
 * magnitudes is over a data set; here it is one input's, signed. Layers may have different numbers of heads.
 */
export function headImportance(layers: AttentionGradients['layers']): Float32Array {
  return Float32Array.from(
    layers.flatMap(({ heads, values, gradient }) => {
      const size = values.length / heads
      return Array.from({ length: heads }, (_, head) => {
        let sum = 0
        for (let at = head * size; at < (head + 1) * size; at++) sum += float32At(values, at) * float32At(gradient, at)
        return sum
      })
    }),
  )
}
