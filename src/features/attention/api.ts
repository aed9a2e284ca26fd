// What the page asks of a model's attention.

import type { Prediction } from '#answers/answer-kinds'
import type { AttentionChoice, AttentionMatrix, HeadRef } from '#methods/attention/attention'
import type { TokenFocus } from '#methods/attention/focus'
import type { HeadStatistics } from '#methods/attention/head-statistics'
import type { AttributionTarget } from '#methods/attribution'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'
import type { TokenRow } from '#text/token'

/** Side of a thumbnail in cells: enough to tell a head's pattern, and 72 heads weigh 74 kB. */
export const THUMBNAIL = 32

export interface AttentionApi {
  /** Runs an input and streams what the page draws: prediction first, then the choice on screen, then thumbnails. */
  readonly run: Call<RunRequest, RunPart, null>
  /** Full matrices on demand. */
  readonly attention: Call<{ readonly input: ModelInput; readonly choice: AttentionChoice }, never, readonly AttentionMatrix[]>
  /** Attention times the target's gradient: what the heads' importance is made of. */
  readonly gradientAttention: Call<GradientAttentionRequest, GradientAttentionPart, null>
  /** One token's rows and columns over all layers and heads. */
  readonly focus: Call<{ readonly input: ModelInput; readonly token: number }, never, TokenFocus>
}

export interface RunRequest {
  readonly input: ModelInput
  /** No heads: the one that sends most to content. */
  readonly choice: AttentionChoice
  /** Side of a thumbnail in cells; longer inputs are reduced by block maximum. */
  readonly thumbnail: number
  /** Whether thumbnails go without the sinks. */
  readonly sinksAside: boolean
}

export type RunPart =
  | {
      readonly kind: 'prediction'
      readonly row: TokenRow
      readonly prediction: Prediction
      readonly precomputed: boolean
      readonly runMs: number
      readonly layers: number
      readonly heads: number
    }
  | {
      readonly kind: 'matrices'
      /** As asked for, or the one head taken where none was named. */
      readonly choice: AttentionChoice
      readonly matrices: readonly AttentionMatrix[]
      readonly statistics: HeadStatistics
    }
  | Thumbnails<Uint8Array>

export interface GradientAttentionRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  /** No heads: the most important one. */
  readonly choice: AttentionChoice
  readonly thumbnail: number
  /** Whether thumbnails go without the sinks. */
  readonly sinksAside: boolean
}

export type GradientAttentionPart =
  /** In units of the target, signed. */
  | { readonly kind: 'matrices'; readonly choice: AttentionChoice; readonly matrices: readonly AttentionMatrix[] }
  /**
   * [layers * heads]: the target's derivative by a factor on each head's output. `first`: the most important head that does not send nearly all
   * to sinks. `scale`: the largest magnitude of a cell.
   */
  | { readonly kind: 'importance'; readonly importance: Float32Array; readonly first: HeadRef | null; readonly scale: number }
  /** +-127 is +-`scale`. */
  | Thumbnails<Int8Array>

/** Thumbnails of one layer: [heads, size, size]. Uint8: 255 = attention 1. Int8: +-127 = difference +-1. */
export interface Thumbnails<Data extends Uint8Array | Int8Array> {
  readonly kind: 'thumbnails'
  readonly layer: number
  readonly heads: number
  readonly size: number
  readonly data: Data
}
