// What a model is given.

import type { TokenEdit } from '#text/edit'

/** What is explained: a typed text and the edits of its tokens. */
export interface ModelInput {
  readonly text: string
  readonly edits: readonly TokenEdit[]
  /** The text stands as a reader's message in the model's chat template. */
  readonly chat?: true
}
