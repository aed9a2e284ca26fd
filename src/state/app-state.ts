// The shape of everything the page knows. Settings are what a link restores; the rest is derived from them by the engine.

import type { Prediction } from '#answers/answer-kinds'
import type { PositionAnswer } from '#answers/position-answer'
import type { AttentionChoice, AttentionMatrix, HeadRef } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { TokenFocus } from '#methods/attention/focus'
import type { HeadStatistics } from '#methods/attention/head-statistics'
import type { WireError } from '#protocol/messages'
import type { LoadProgress, ModelCard, OwnFile, SnapshotRefusal } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
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
  /** What is made ready beside a model that answers; null when nothing is. */
  readonly opening: Opening | null
  readonly shelf: Shelf
  /** What capabilities have found out, by the names of their slots. */
  readonly answers: Readonly<Record<string, Asked<unknown, unknown>>>
  readonly a: SideState
  /** What A is compared with; null when it is compared with nothing. */
  readonly reference: SideState | null
  readonly difference: DifferenceState | null
  readonly history: History
  readonly notices: readonly Notice[]
  /** Files that the reader dropped or chose, until a model is opened from them. */
  readonly chosenFiles: readonly OwnFile[]
}

/** What the pointer or the focus is on; a preview that is never written to a link. */
export interface Hover {
  readonly token: TokenRef | null
  readonly key: TokenRef | null
  readonly head: HeadRef | null
}

/** A question, how its answer is coming along, and what is known of it. */
export interface Asked<Answer, Question> {
  readonly question: Question
  readonly status: 'running' | 'done' | 'stopped' | 'failed'
  readonly error: WireError | null
  /** A partial one while it runs, or what is still true of the answer before. */
  readonly answer: Answer | null
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

/** A model that is to take the place of the running one, which stays as it is when that fails. */
export type Opening = {
  readonly slot: 'model' | 'modelB'
  readonly ref: ModelRef
  /** Another model, or the same one with gradients. */
  readonly brings: 'model' | 'gradients'
} & (
  | { readonly status: 'loading'; readonly progress: LoadProgress | null }
  /** `alone`: although the running one had been closed for it. */
  | { readonly status: 'failed'; readonly error: WireError; readonly alone: boolean }
)

/** One side of the page: what was asked, how it stands, and the newest complete answer. */
export interface SideState {
  readonly input: ModelInput
  readonly status: Asked<unknown, unknown>['status']
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
  readonly statistics: HeadStatistics
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
  | 'other-files'
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
