// What each word would contribute if the model were linear.

import type { AttributionOptions } from '#catalogue/attribution-options'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { tokenProducts } from './token-values.ts'

/**
 * Each token's word embedding times the target's gradient there, summed over its components: signed, in units of the target. Shrikumar
 * et al. (2016), "Not just a black box".
 */
export async function* inputXGradient(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { embeddings, gradient, output } = await model.input(cancel)
  const values = Float32Array.from(tokenProducts(embeddings, gradient, model.tokens))
  yield { values, isSigned: true, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}
