// Which way the target moves when a word's embedding grows in all its components at once.

import type { AttributionOptions } from '../attribution.ts'
import type { Cancel, MethodAnswer, ModelRuns } from '../method.ts'
import { tokenSums } from './token-values.ts'

/**
 * Sum over the components of the target's gradient at each token's word embedding: the derivative along (1, 1, ..., 1), in units of the
 * target per unit of embedding. Signed, which the length of the gradient is not (Atanasova et al., 2020, "A diagnostic study of
 * explainability techniques for text classification", section 3.1, compare both ways to sum up); the direction is one of many.
 */
export async function* signedSaliency(
  runs: ModelRuns,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { gradient, output } = await runs.input(cancel)
  yield { values: tokenSums(gradient, runs.tokens), isSigned: true, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}
