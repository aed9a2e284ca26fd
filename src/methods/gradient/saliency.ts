// How strongly the target reacts to a small change of each word.

import type { AttributionOptions } from '#catalogue/attribution-options'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { tokenNorms } from './token-values.ts'

/**
 * Euclidean length of the target's gradient at each token's word embedding, in units of the target per unit of embedding. Simonyan et al.
 * (2014), "Deep inside convolutional networks", section 3, take the largest component of a pixel; an embedding's components mean nothing
 * one by one, so their norm is taken.
 */
export async function* saliency(model: TargetModel, _: AttributionOptions, cancel: Cancel): AsyncGenerator<MethodAnswer, void, undefined> {
  const { gradient, output } = await model.input(cancel)
  yield { values: tokenNorms(gradient, model.tokens), isSigned: false, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}
