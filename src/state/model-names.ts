// What panels need to know of references to models.

import { EMBEDDED, type ModelRef } from '#share/model-ref'

export { DEFAULT_MODEL, nameOfRef, sameModel, writeModelRef } from '#share/model-ref'

/** The page's own models, in the order in which they are offered. */
export const embeddedModels: readonly (ModelRef & { readonly kind: 'embedded' })[] = EMBEDDED.map((id) => ({ kind: 'embedded', id }))
