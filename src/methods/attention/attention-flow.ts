// Attention as pipes: how much could flow at most from each token to the place that the answer is read from.

import type { AttributionOptions } from '#catalogue/attribution-options'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { createFlowNetwork } from './flow-network.ts'
import { mixedAttention } from './mixed-attention.ts'

/** Tokens between two partial answers. */
const GROUP = 4

/**
 * Largest flow between each token and the place of the answer, through edges as wide as attention, each layer the mean of its heads and
 * half of it the residual stream: 0 to 1 for each token by itself, the same for every target. Abnar & Zuidema (2020), "Quantifying
 * attention flow in transformers", section 3. Tokens whose flow is still to come are NaN.
 */
export async function* attentionFlow(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { layers, readOut, output } = await model.attention(cancel)
  const network = createFlowNetwork(
    layers.map((layer) => mixedAttention(layer, model.tokens)),
    readOut,
  )
  const values = new Float32Array(model.tokens).fill(Number.NaN)
  for (let token = 0; token < model.tokens; token++) {
    cancel.throwIfAborted()
    values[token] = network.largestFlow(token)
    const left = model.tokens - token - 1
    if (left % GROUP > 0) continue
    yield { values: values.slice(), isSigned: false, output, expectedSum: null, runs: 1, left: left === 0 ? 0 : null, doubts: [] }
  }
}
