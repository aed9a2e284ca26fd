// What the page may ask of the engine. Requests name inputs, not handles of earlier answers: the engine caches runs by
// input and computes a missing one again, so a restarted worker or an evicted run needs no special case in the page.

import type { AttentionChoice, AttentionMatrix } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { TokenFocus } from '#methods/attention/focus'
import type { Absence, Attribution, AttributionMethodId, AttributionOptions, AttributionTarget, Baseline } from '#methods/attribution'
import type { Alignment } from '#text/align'
import type { TokenEdit } from '#text/edit'
import type { TokenRow } from '#text/token'
import type { Call } from './messages.ts'

export interface EngineApi {
  /** Fetches, verifies, prepares and starts a model. */
  readonly load: Call<LoadRequest, LoadProgress, ModelCard>
  /** Runs an input and streams what the page draws: prediction first, then the choice on screen, then thumbnails. */
  readonly run: Call<RunRequest, RunPart, null>
  /** Full matrices on demand. */
  readonly attention: Call<{ readonly input: ModelInput; readonly choice: AttentionChoice }, never, readonly AttentionMatrix[]>
  /** What the model answers at one position; null where it has one answer for the whole input. */
  readonly answer: Call<{ readonly input: ModelInput; readonly position: number }, never, PositionAnswer | null>
  /** What each token contributed to a target, by one method; partial answers are usable ones. */
  readonly attribute: Call<AttributionRequest, Attribution, Attribution>
  /** Attention times the target's gradient: what the heads' importance is made of. */
  readonly weighted: Call<WeightedRequest, WeightedPart, null>
  /** Many edits at once, each with what it changes; at the end those that have no row. */
  readonly whatIf: Call<WhatIfRequest, WhatIfRow, readonly RefusedTrial[]>
  /** The smallest edits that turn the answer over; partial answers are usable ones. */
  readonly counterfactuals: Call<CounterfactualRequest, CounterfactualState, CounterfactualState>
  /** What two units of the text do together: [units, units], NaN on the diagonal and where still to come. */
  readonly interactions: Call<InteractionRequest, Interactions, Interactions>
  /** One token's rows and columns over all layers and heads. */
  readonly focus: Call<{ readonly input: ModelInput; readonly token: number }, never, TokenFocus>
  /** A - B over aligned tokens: every head's change, thumbnails, and the choice on screen. */
  readonly difference: Call<DifferenceRequest, DifferencePart, null>
}

/** What is explained: a typed text and the edits of its tokens. */
export interface ModelInput {
  readonly text: string
  readonly edits: readonly TokenEdit[]
  /** The text stands as a reader's message in the model's chat template. */
  readonly chat?: true
}

export type Backend = 'webgpu' | 'wasm'

/** Where a model's files are. */
export type ModelSource =
  /** A folder of the page's own origin in hub layout, with a manifest. */
  | {
      readonly kind: 'folder'
      /** Absolute address, ending in `/`. */
      readonly base: string
      /** Address of runs computed beforehand, explorable until the model has arrived; null for none. */
      readonly snapshot: string | null
    }
  /** Files that the page holds: fetched from a hub, or chosen by the reader. */
  | {
      readonly kind: 'files'
      readonly name: string
      readonly files: readonly NamedBlob[]
      /** Path of the graph among the files. */
      readonly onnx: string
      readonly checked: ModelCard['checked']
      readonly kept: ModelCard['kept']
      readonly license: string | null
    }

/** Of a browser's Blob, what reading it takes. */
export interface FileBlob {
  readonly size: number
  arrayBuffer(): Promise<ArrayBuffer>
}

export interface NamedBlob {
  /** Path in hub layout, with `/`. */
  readonly path: string
  readonly blob: FileBlob
}

/** Weights of few bits: `packed` as the file has them, `float32` unpacked when the model is loaded. */
export type WeightForm = 'packed' | 'float32'

export interface LoadRequest {
  readonly source: ModelSource
  /** Absolute address of the folder with the runtime's own files, ending in `/`. */
  readonly runtime: string
  /** What the reader prefers; `auto` takes WebGPU where there is one that agrees with WASM. */
  readonly backend: Backend | 'auto'
  /** What the reader prefers; `auto` unpacks on WASM where memory allows. */
  readonly weights: WeightForm | 'auto'
  /** Whether gradients can be asked for afterwards: they take time to start and memory for the weights once more. Left out, they cannot. */
  readonly gradients?: 'yes' | 'if-small'
}

/**
 * Weights up to this many bytes are small: with gradients the runtime keeps them once more, packed for its products, and SmolLM2 in float32
 * takes 0.8 GB more and three times as long to start (onnxruntime-web 1.30).
 */
export const SMALL_MODEL_BYTES = 200e6

export type LoadProgress =
  | {
      readonly kind: 'download'
      readonly received: number
      /** null where a host does not say how long its files are. */
      readonly total: number | null
      readonly secondsLeft: number | null
      readonly fromCache: boolean
    }
  | { readonly kind: 'retry'; readonly attempt: number; readonly waitMs: number; readonly reason: string }
  | { readonly kind: 'damaged-cache'; readonly path: string }
  | { readonly kind: 'stage'; readonly stage: 'list' | 'read' | 'verify' | 'prepare' | 'start' | 'self-check' }
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

/** What a model is asked, by its output: scores of classes, of classes for each token, of a vocabulary, or no answer of its own. */
export type ModelTask = 'classifier' | 'token-classifier' | 'masked-lm' | 'causal-lm' | 'encoder'

/** Why the weights are in the form they are in. */
export type WeightReason = 'as-file' | 'faster-on-wasm' | 'webgpu' | 'little-memory' | 'too-large' | 'chosen-by-reader'

export interface WeightReport {
  readonly form: WeightForm
  readonly reason: WeightReason
  /** Bytes of the weights as the runtime holds them. */
  readonly bytes: number
  /** Bytes that they would take unpacked; equal to `bytes` where nothing is packed. */
  readonly unpackedBytes: number
}

export interface ModelCard {
  readonly name: string
  readonly family: string
  readonly task: ModelTask
  /** Class labels; empty for models that answer in tokens or not at all. */
  readonly labels: readonly string[]
  readonly layers: number
  readonly heads: number
  readonly hiddenSize: number
  readonly maxTokens: number
  /** Tokens that the model itself can take, where it says so: `maxTokens` is smaller where their attention would not fit into memory. */
  readonly statedTokens: number | null
  readonly vocabulary: number | null
  /** Equal for models that cut a text into the same tokens. */
  readonly tokenizerKey: string
  readonly maskToken: string | null
  /** Whether the tokenizer has a chat template. */
  readonly chat: boolean
  /** Path of the graph. */
  readonly file: string
  /** Bytes of the graph and of the files with its weights. */
  readonly fileBytes: number
  /** Element types of the file's weights, most first: `float32`, `int8`, `4 bits`. */
  readonly precision: readonly string[]
  readonly license: string | null
  /**
   * How the files were checked: by a hash that their host names; by size alone, where the page is not served securely or the host names
   * none; or not at all: the reader's own files.
   */
  readonly checked: 'hash' | 'size' | 'not'
  /** Whether the files are kept for the next visit, or why not; `own` for the reader's own files. */
  readonly kept: 'yes' | 'full' | 'unavailable' | 'own'
  readonly parameters: number
  readonly weights: WeightReport
  readonly backend: BackendReport
  /** Parts that were recognised beside attention. */
  readonly found: { readonly embeddings: boolean; readonly hiddenStates: boolean }
  /** Ways to take a unit of a text away that the model has. */
  readonly absences: readonly Absence[]
  /** Baselines that the model has, beside a text of the reader's own. */
  readonly baselines: readonly Baseline[]
  /** Whether gradients can be computed, might be if they were asked for, or which operators stand in the way. */
  readonly gradients: 'yes' | 'on-request' | { readonly missing: readonly string[] }
  readonly passes: readonly PassRecord[]
}

export interface RunRequest {
  readonly input: ModelInput
  readonly choice: AttentionChoice
  /** Side of a thumbnail in cells; longer inputs are reduced by block maximum. */
  readonly thumbnail: number
}

/** How scores become shares: exclusive classes, independent ones, or numbers that are none. */
export type Activation = 'softmax' | 'sigmoid' | 'none'

/** Scores of classes. */
export interface ClassAnswer {
  readonly kind: 'classes'
  readonly activation: Activation
  readonly labels: readonly string[]
  readonly logits: Float32Array
  /** Of `activation`; empty for `none`. */
  readonly probabilities: Float32Array
}

/** Scores of classes for each token. */
export interface TagAnswer {
  readonly kind: 'tags'
  readonly labels: readonly string[]
  /** [T, labels] */
  readonly logits: Float32Array
  /** [T, labels], each row sums to 1. */
  readonly probabilities: Float32Array
}

/** Tokens that the vocabulary's scores favour: what comes next, or what a masked place held. */
export interface TokenAnswer {
  readonly kind: 'tokens'
  readonly asks: 'next' | 'fill'
  /** The positions that the model is asked about by itself: the last one, or each mask. Others by `EngineApi.answer`. */
  readonly positions: readonly PositionAnswer[]
}

export interface PositionAnswer {
  /** Index of the token after which (next) or in whose place (fill) the candidates stand. */
  readonly position: number
  /** Most likely first. */
  readonly candidates: readonly Candidate[]
  /** Entropy of the whole distribution, in nats. */
  readonly entropy: number
}

export interface Candidate {
  readonly id: number
  /** The vocabulary's own spelling. */
  readonly piece: string
  /** What a reader sees, leading space included. */
  readonly label: string
  readonly logit: number
  readonly probability: number
}

/** The mean of the last hidden state over all tokens: inputs are compared by the angle between theirs. */
export interface EmbeddingAnswer {
  readonly kind: 'embedding'
  readonly vector: Float32Array
}

export type Prediction = ClassAnswer | TagAnswer | TokenAnswer | EmbeddingAnswer

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

/** Methods of one backward pass: the page asks for them at every keystroke, and the engine lets them go first. */
export const LIVE_METHODS: ReadonlySet<AttributionMethodId> = new Set([
  'saliency',
  'signed-saliency',
  'input-x-gradient',
  'layer-gradients',
  'gradient-x-attention',
  'relevance',
  'rollout',
])

/** Methods that take units of the text away. */
const GAMES: ReadonlySet<AttributionMethodId> = new Set([
  'leave-one-out',
  'sliding-window',
  'lime',
  'interpolated-shapley',
  'exact-shapley',
  'sampled-shapley',
  'kernel-shap',
  'partition-shapley',
])

export const OPTION_NAMES = [
  'baseline',
  'layer',
  'absence',
  'unit',
  'noise',
  'features',
] as const satisfies readonly (keyof AttributionOptions)[]

/** Methods that an option changes something for. */
export const USING: Readonly<Record<keyof AttributionOptions, ReadonlySet<AttributionMethodId>>> = {
  baseline: new Set(['integrated-gradients']),
  layer: new Set(['layer-gradients']),
  absence: GAMES,
  unit: GAMES,
  noise: new Set(['embedding-noise']),
  features: new Set(['lime']),
}

/** The options that a method uses, in one order; null for those that change nothing for it. */
export function usedOptions(method: AttributionMethodId, options: AttributionOptions): readonly (string | number | null)[] {
  return OPTION_NAMES.map((name) => (USING[name].has(method) ? options[name] : null))
}

/** Methods that a model serves without gradients. */
export const WITHOUT_GRADIENTS = GAMES

export interface AttributionRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly method: AttributionMethodId
  readonly options: AttributionOptions
  /** The text that the baseline 'reference' means; null where there is none. */
  readonly reference: ModelInput | null
}

export interface WeightedRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly choice: AttentionChoice
  readonly thumbnail: number
}

export type WeightedPart =
  /** In units of the target, signed. */
  | { readonly kind: 'matrices'; readonly matrices: readonly AttentionMatrix[] }
  /** [layers * heads]: the target's derivative by a factor on each head's output. `scale`: the largest magnitude of a cell. */
  | { readonly kind: 'importance'; readonly importance: Float32Array; readonly scale: number }
  /** +-127 is +-`scale`. */
  | Thumbnails<Int8Array>

/** Edits that are tried one by one. */
export type EditFamily = 'mask' | 'delete' | 'swap' | 'neighbour' | 'random' | 'typo'

export interface WhatIfRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  /** Applied to every token that they can be applied to. */
  readonly families: readonly EditFamily[]
  /** Words that are put in the place of a token, one after the other; null for none. */
  readonly words: { readonly token: number; readonly list: readonly string[] } | null
}

/** One edit of the input, and what it changes. */
export interface WhatIfRow {
  readonly family: EditFamily | 'word'
  /** In the input as it is, edits included. */
  readonly token: number
  /** To be added to the input's own. */
  readonly edits: readonly TokenEdit[]
  /** The word that was put in; null where none was. */
  readonly word: string | null
  /** The target's number after the edit, and before it. */
  readonly output: number
  readonly before: number
  /** What the model answers: a class or a token; null where it gives no one answer. */
  readonly answer: string | null
  /** Whether that is another answer than before. */
  readonly turned: boolean
  /** [layers]: share of attention that moved, mean over heads. */
  readonly attention: Float32Array
  /** Cosine of the mean last hidden states before and after; null where they are not known. */
  readonly similarity: number | null
  /** Rows that are still to come. */
  readonly left: number
}

/** Why a token cannot take an edit that is tried on every token. */
export const UNFIT = ['no-mask-token', 'no-word-table', 'no-near-word', 'part-of-word', 'not-letters', 'no-typo'] as const

export type Unfit = (typeof UNFIT)[number]

/** One edit that could not be tried. */
export interface RefusedTrial extends Pick<WhatIfRow, 'family' | 'token' | 'word'> {
  /** The edit's refusal, an `Unfit`, or `question-gone` where it takes away the place that the target is asked about. */
  readonly reason: string
}

export interface CounterfactualRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  /** `flip`: another answer than the target is the likeliest. `halve`: half of the target's probability. */
  readonly goal: 'flip' | 'halve'
  readonly moves: readonly ('delete' | 'mask' | 'replace')[]
}

export interface FoundEdits {
  /** To be added to the input's own. */
  readonly edits: readonly TokenEdit[]
  /** Tokens of the input that are changed, and the words in their place; null for one that goes. */
  readonly changes: readonly { readonly token: number; readonly word: string | null }[]
  /** Below zero: the goal is reached. Scores for `flip`, probability for `halve`. */
  readonly margin: number
}

export interface CounterfactualState {
  readonly found: readonly FoundEdits[]
  readonly closest: FoundEdits | null
  /** Edits in the sets that are being tried. */
  readonly size: number
  readonly tried: number
  readonly left: number
}

export interface InteractionRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly options: Pick<AttributionOptions, 'absence' | 'unit'>
}

export interface Interactions {
  readonly values: Float32Array
  /** Tokens of each unit. */
  readonly units: readonly (readonly number[])[]
  readonly left: number
  readonly doubts: Attribution['doubts']
}

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
