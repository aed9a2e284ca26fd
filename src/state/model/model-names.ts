// What panels need to know of models and of references to them.

import { type ModelCard, SMALL_MODEL_BYTES } from '#protocol/model-api'
import { EMBEDDED, type ModelRef } from '#share/model-ref'

export { DEFAULT_MODEL, differsInContent, nameOfRef, sameModel, writeModelRef } from '#share/model-ref'

/** The page's own models, in the order in which they are offered. */
export const embeddedModels: readonly (ModelRef & { readonly kind: 'embedded' })[] = EMBEDDED.map((id) => ({ kind: 'embedded', id }))

/** Whether what a model takes to start with gradients is not worth a question. */
export function isSmallModel({ weights }: ModelCard): boolean {
  return weights.bytes <= SMALL_MODEL_BYTES
}
