// What the page asks about two inputs of one model.

import type { Thumbnails } from '#features/attention/api.ts'
import type { AttentionChoice, AttentionMatrix } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'
import type { Alignment } from '#text/align'

export interface CompareApi {
  /** A - B over aligned tokens: every head's change, thumbnails, and the choice on screen. */
  readonly difference: Call<DifferenceRequest, DifferencePart, null>
}

export interface DifferenceRequest {
  readonly a: ModelInput
  readonly b: ModelInput
  /** No heads: the one that changed most. */
  readonly choice: AttentionChoice
  readonly thumbnail: number
  /** Whether thumbnails go without the sinks of both sides. */
  readonly sinksAside: boolean
}

export type DifferencePart =
  | { readonly kind: 'alignment'; readonly alignment: Alignment }
  /** Matrices [P, P] over the P aligned columns: A - B, NaN where either side has a gap. */
  | { readonly kind: 'matrices'; readonly choice: AttentionChoice; readonly matrices: readonly AttentionMatrix[] }
  | { readonly kind: 'heads'; readonly changes: readonly HeadChange[] }
  | Thumbnails<Int8Array>
