// Where attention times gradient stands in the store, and what it tells of the heads.

import type { AttentionChoice, AttentionMatrix, HeadRef } from '#methods/attention/attention'
import type { AppState, ThumbnailSet } from '#state/app-state'
import { slot } from '#state/slot'
import type { Subject } from '#state/target'

export interface GradientQuestion extends Subject {
  /** As the reader chose; no heads for the most important one. */
  readonly wanted: AttentionChoice
  readonly sinksAside: boolean
}

/** Attention times the target's gradient. */
export interface GradientAttention extends GradientQuestion {
  /** Of the matrices. */
  readonly choice: AttentionChoice
  readonly matrices: readonly AttentionMatrix[]
  /** [layers * heads], in units of the target: what a factor on the head's output would change. */
  readonly importance: Float32Array
  /** The most important head that does not send nearly all to sinks. */
  readonly first: HeadRef | null
  /** Per layer: +-127 = +-`scale`; null until a layer has arrived. */
  readonly thumbnails: readonly (ThumbnailSet<Int8Array> | null)[]
  /** The largest magnitude of a cell. */
  readonly scale: number
}

export const GRADIENT_ATTENTION = slot<GradientAttention, GradientQuestion>('gradient-attention')

/** The newest answer that there is, which may be about the input before; null for none. */
export function newestGradientAttention(state: AppState): GradientAttention | null {
  return GRADIENT_ATTENTION.of(state)?.answer ?? null
}
