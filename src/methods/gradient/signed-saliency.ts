// Which way the target moves when a word's embedding grows longer.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { float32At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { tokenNorms, tokenProducts } from './token-values.ts'

/**
 * The target's gradient along the direction of each token's own word embedding, in units of the target per unit of embedding: signed,
 * which the length of the gradient is not, and without the embedding's length, which input x gradient has. The plain sum of the
 * gradient's components, which others take, is zero for every model that begins with a layer norm: a norm takes out what all have alike.
 */
export async function* signedSaliency(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { embeddings, gradient, output } = await model.input(cancel)
  const lengths = tokenNorms(embeddings, model.tokens)
  const along = tokenProducts(embeddings, gradient, model.tokens)
  const values = Float32Array.from(along, (product, token) => (lengths[token] === 0 ? 0 : product / float32At(lengths, token)))
  yield { values, isSigned: true, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}
