// What the page may ask of the engine. Requests name inputs, not handles of earlier answers: the engine caches runs by
// input and computes a missing one again, so a restarted worker or an evicted run needs no special case in the page.

import type { AttentionChoice, AttentionMatrix } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { TokenFocus } from '#methods/attention/focus'
import type { Alignment } from '#text/align'
import type { TokenEdit } from '#text/edit'
import type { TokenRow } from '#text/token'

/** One kind of call: its arguments, the partial answers on the way, and the final answer. */
interface Call<Args, Progress, Result> {
  readonly args: Args
  readonly progress: Progress
  readonly result: Result
}

export interface EngineApi {
  /** Fetches, verifies, prepares and starts a model. */
  readonly load: Call<LoadRequest, LoadProgress, ModelCard>
  /** Runs an input and streams what the page draws: prediction first, then the choice on screen, then thumbnails. */
  readonly run: Call<RunRequest, RunPart, null>
  /** Full matrices on demand. */
  readonly attention: Call<{ readonly input: ModelInput; readonly choice: AttentionChoice }, never, readonly AttentionMatrix[]>
  /** One token's rows and columns over all layers and heads. */
  readonly focus: Call<{ readonly input: ModelInput; readonly token: number }, never, TokenFocus>
  /** A - B over aligned tokens: every head's change, thumbnails, and the choice on screen. */
  readonly difference: Call<DifferenceRequest, DifferencePart, null>
}

/** What is explained: a typed text and the edits of its tokens. */
export interface ModelInput {
  readonly text: string
  readonly edits: readonly TokenEdit[]
}

export type Backend = 'webgpu' | 'wasm'

export interface LoadRequest {
  /** Absolute address of the model's folder in hub layout, ending in `/`. */
  readonly base: string
  /** Absolute address of the folder with the runtime's own files, ending in `/`. */
  readonly runtime: string
  /** What the reader prefers; `auto` takes WebGPU where there is one that agrees with WASM. */
  readonly backend: Backend | 'auto'
  /** Address of runs computed beforehand, explorable until the model has arrived; null for none. */
  readonly snapshot: string | null
}

export type LoadProgress =
  | {
      readonly kind: 'download'
      readonly received: number
      readonly total: number
      readonly secondsLeft: number | null
      readonly fromCache: boolean
    }
  | { readonly kind: 'retry'; readonly attempt: number; readonly waitMs: number; readonly reason: string }
  | { readonly kind: 'damaged-cache'; readonly path: string }
  | { readonly kind: 'stage'; readonly stage: 'verify' | 'prepare' | 'start' | 'self-check' }
  /** The snapshot was taken, or refused: another version, another model, or not a snapshot at all. */
  | { readonly kind: 'snapshot'; readonly verdict: 'accepted' | SnapshotRefusal }

export type SnapshotRefusal = 'missing' | 'not-a-snapshot' | 'outdated' | 'foreign'

/** Why this backend runs: the page says it in words. */
export type BackendReason = 'agrees-with-wasm' | 'no-webgpu' | 'no-adapter' | 'webgpu-failed' | 'webgpu-disagrees' | 'chosen-by-reader'

export interface BackendReport {
  readonly backend: Backend
  readonly reason: BackendReason
  readonly threads: number
  readonly isolated: boolean
  /** Largest |logit(WebGPU) - logit(WASM)| of the self-check, relative to max(1, largest |logit|); null when none was made. */
  readonly selfCheckDifference: number | null
}

/** What was done to the model's graph, for the reader. */
export interface PassRecord {
  readonly pass: string
  readonly changes: readonly string[]
}

export interface ModelCard {
  readonly name: string
  readonly family: string
  readonly labels: readonly string[]
  readonly layers: number
  readonly heads: number
  readonly hiddenSize: number
  readonly maxTokens: number
  readonly maskToken: string | null
  readonly fileBytes: number
  /** How the files were checked: by hash, or, where the page is not served securely, by size alone. */
  readonly checked: 'hash' | 'size'
  /** Whether the files are kept for the next visit, or why not. */
  readonly kept: 'yes' | 'full' | 'unavailable'
  readonly parameters: number
  readonly backend: BackendReport
  readonly passes: readonly PassRecord[]
}

export interface RunRequest {
  readonly input: ModelInput
  readonly choice: AttentionChoice
  /** Side of a thumbnail in cells; longer inputs are reduced by block maximum. */
  readonly thumbnail: number
}

export interface Prediction {
  readonly labels: readonly string[]
  readonly logits: Float32Array
  readonly probabilities: Float32Array
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
  | { readonly kind: 'matrices'; readonly matrices: readonly AttentionMatrix[] }
  | Thumbnails<Uint8Array>

/** Thumbnails of one layer: [heads, size, size]. Uint8: 255 = attention 1. Int8: +-127 = difference +-1. */
export interface Thumbnails<Data extends Uint8Array | Int8Array> {
  readonly kind: 'thumbnails'
  readonly layer: number
  readonly heads: number
  readonly size: number
  readonly data: Data
}

export interface DifferenceRequest {
  readonly a: ModelInput
  readonly b: ModelInput
  readonly choice: AttentionChoice
  readonly thumbnail: number
}

export type DifferencePart =
  | { readonly kind: 'alignment'; readonly alignment: Alignment }
  /** Matrices [P, P] over the P aligned columns: A - B, NaN where either side has a gap. */
  | { readonly kind: 'matrices'; readonly matrices: readonly AttentionMatrix[] }
  | { readonly kind: 'heads'; readonly changes: readonly HeadChange[] }
  | Thumbnails<Int8Array>
