// The shape of everything the page knows. Settings are what a link restores; the rest is derived from them by the engine.

import type { CounterfactualState, Interactions, RefusedTrial, WhatIfRow } from '#features/what-if/api.ts'
import type { AttentionChoice, AttentionMatrix, HeadRef } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { TokenFocus } from '#methods/attention/focus'
import type { Attribution, AttributionMethodId, AttributionTarget } from '#methods/attribution'
import type { WireError } from '#protocol/messages'
import type { LoadProgress, ModelCard, NamedBlob, SnapshotRefusal } from '#protocol/model-api'
import type { ModelInput, PositionAnswer, Prediction } from '#protocol/prediction'
import type { ModelRef } from '#share/model-ref'
import type { Settings, TokenRef } from '#share/settings'
import type { Alignment } from '#text/align'
import type { TokenRow } from '#text/token'

export interface AppState {
  readonly settings: Settings
  readonly hover: Hover
  readonly model: ModelState
  /** The second model; null when there is none. */
  readonly modelB: ModelState | null
  readonly shelf: Shelf
  /** By method: those on screen, and those that were a moment ago. */
  readonly attributions: Readonly<Record<AttributionSide, AttributionStates>>
  /** Attention of A weighted by gradients; null until it is asked for. */
  readonly gradientAttention: GradientAttentionState | null
  /** Of A: many edits, the smallest that turn the answer over, and pairs; null until they are asked for. */
  readonly whatIf: Asked<WhatIfTable> | null
  readonly counterfactuals: Asked<CounterfactualState> | null
  readonly interactions: Asked<Interactions> | null
  readonly a: SideState
  /** What A is compared with; null when it is compared with nothing. */
  readonly reference: SideState | null
  readonly difference: DifferenceState | null
  readonly history: History
  readonly notices: readonly Notice[]
  /** Files that the reader dropped or chose, until a model is opened from them. */
  readonly chosenFiles: readonly NamedBlob[]
}

/** What the pointer or the focus is on; a preview that is never written to a link. */
export interface Hover {
  readonly token: TokenRef | null
  readonly key: TokenRef | null
  readonly head: HeadRef | null
}

/** What is being found out about an input: partial answers, an older one's until there is a newer. */
export interface Asked<Answer> {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly status: 'running' | 'done' | 'stopped' | 'failed'
  readonly error: WireError | null
  readonly answer: Answer | null
}

/** Edits that were tried, in the order in which they came, and those that could not be. */
export interface WhatIfTable {
  readonly rows: readonly WhatIfRow[]
  /** Known at the end. */
  readonly refused: readonly RefusedTrial[]
}

/** The reference is attributed where it is another input of the same model. */
export type AttributionSide = 'a' | 'reference'

export type AttributionStates = Readonly<Partial<Record<AttributionMethodId, AttributionState>>>

/** Attention times the target's gradient. */
export interface GradientAttentionState {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly choice: AttentionChoice
  readonly matrices: readonly AttentionMatrix[]
  /** [layers * heads], in units of the target: what a factor on the head's output would change. */
  readonly importance: Float32Array
  /** Per layer: +-127 = +-`scale`; null until a layer has arrived. */
  readonly thumbnails: readonly (ThumbnailSet<Int8Array> | null)[]
  /** The largest magnitude of a cell. */
  readonly scale: number
}

/** One method's answer, or how it is coming along. */
export interface AttributionState {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly status: 'running' | 'done' | 'stopped' | 'failed'
  readonly error: WireError | null
  /** May be a partial one while it runs, or an older input's: compare. */
  readonly attribution: Attribution | null
}

/** Where models come from: kept for the next visit. */
export interface Shelf {
  /** Address of the hub. */
  readonly hub: string
  /** Models that the reader opened, newest first. */
  readonly recent: readonly ModelRef[]
}

export type ModelState = {
  readonly ref: ModelRef
  /** Grows by one each time a model becomes ready, so that what was precomputed is computed again, live. */
  readonly generation: number
  readonly snapshot: 'pending' | 'accepted' | SnapshotRefusal
} & (
  | { readonly status: 'loading'; readonly progress: LoadProgress | null }
  | { readonly status: 'ready'; readonly card: ModelCard }
  | { readonly status: 'cancelled' }
  /** A link names a model that the page will not fetch, or cannot have, before the reader says so. */
  | { readonly status: 'asking'; readonly reason: 'foreign' | 'local' }
  | { readonly status: 'failed'; readonly error: WireError }
)

/** One side of the page: what was asked, how it stands, and the newest complete answer. */
export interface SideState {
  readonly input: ModelInput
  readonly status: 'running' | 'done' | 'failed'
  readonly error: WireError | null
  /** May belong to an older input while a newer one runs: compare `answer.input`. */
  readonly answer: SideAnswer | null
  /** Of the answer's heads, per layer; null until a layer has arrived. Beside the answer, so that it does not change with each. */
  readonly thumbnails: readonly (ThumbnailSet<Uint8Array> | null)[]
}

export interface SideAnswer {
  readonly input: ModelInput
  readonly row: TokenRow
  readonly prediction: Prediction
  readonly precomputed: boolean
  readonly runMs: number
  readonly layers: number
  readonly heads: number
  readonly choice: AttentionChoice
  readonly matrices: readonly AttentionMatrix[]
  readonly focus: TokenFocus | null
  /** What the model answers at the chosen token, where it answers by position. */
  readonly chosen: PositionAnswer | null
}

export interface ThumbnailSet<Data> {
  readonly size: number
  readonly data: Data
}

export interface DifferenceState {
  readonly a: ModelInput
  readonly b: ModelInput
  readonly alignment: Alignment
  readonly choice: AttentionChoice
  readonly matrices: readonly AttentionMatrix[]
  readonly changes: readonly HeadChange[]
  readonly thumbnails: readonly (ThumbnailSet<Int8Array> | null)[]
}

/** The inputs that a reader went through, and where they are now. */
export interface History {
  readonly entries: readonly HistoryEntry[]
  readonly at: number
}

/** Inputs, and what A was compared with then. */
export type HistoryEntry = Pick<Settings, 'textA' | 'editsA' | 'textB' | 'editsB' | 'against'>

export type NoticeKind =
  | 'damaged-link'
  | 'engine-restarted'
  | 'damaged-cache'
  | 'snapshot-refused'
  | 'webgpu-fallback'
  | 'link-copied'
  | 'link-not-copied'
  | 'exported'
  | 'export-failed'
  | 'edit-refused'
  | 'edits-dropped'
  | 'not-kept'

export interface Notice {
  readonly id: number
  readonly kind: NoticeKind
  readonly data: Readonly<Record<string, string | number>>
}
