// How a model is loaded, and what the page knows of it then.

import type { PositionAnswer } from '#answers/position-answer'
import type { Baseline, Removal } from '#catalogue/attribution-options'
import type { Call } from './messages.ts'
import type { ModelInput } from './prediction.ts'

/** A model, and its answer at a position. */
export interface ModelApi {
  /** Fetches, verifies, prepares and starts a model. */
  readonly load: Call<LoadRequest, LoadProgress, ModelCard>
  /** What the model answers at one position; null where it has one answer for the whole input. */
  readonly answer: Call<{ readonly input: ModelInput; readonly position: number }, never, PositionAnswer | null>
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

/** A file of the reader's own, which can be read a piece at a time. */
export interface OwnFile extends NamedBlob {
  readonly blob: FileBlob & { slice(start: number, end: number): FileBlob }
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

/** What a model is asked, by its output: scores of classes, of classes for each token, of a span's ends, of a vocabulary, or no answer of its own. */
export type ModelTask = 'classifier' | 'token-classifier' | 'question-answering' | 'masked-lm' | 'causal-lm' | 'encoder'

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
  /** Stands between the two texts of a pair; null where the vocabulary has none. */
  readonly separatorToken: string | null
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
  /**
   * Parts that were recognised beside attention; `values` are the value vectors of every layer, and the states that they change; `readout`
   * is what makes a vocabulary's scores of any state, `path` the stream with what blocks and heads add to it, `activations` that what layers
   * give can be changed.
   */
  readonly found: {
    readonly embeddings: boolean
    readonly hiddenStates: boolean
    readonly values: boolean
    readonly readout: boolean
    readonly path: boolean
    readonly activations: boolean
  }
  /** Ways to take a unit of a text away that the model has. */
  readonly removals: readonly Removal[]
  /** Baselines that the model has, beside a text of the reader's own. */
  readonly baselines: readonly Baseline[]
  /** Whether gradients can be computed, might be if they were asked for, or which operators stand in the way. */
  readonly gradients: 'yes' | 'on-request' | { readonly missing: readonly string[] }
  readonly passes: readonly PassRecord[]
}

/** Why keys and values of earlier tokens are not kept for a file that takes none. */
export interface CacheRefusal {
  /**
   * `shapes` or `operator`: the graph at a node. `half`: rounding to float16 can change the token. `differs`: the scores of a short text.
   * `large`, `fixed`, `start`: a graph of its own cannot be started.
   */
  readonly reason: 'shapes' | 'operator' | 'half' | 'differs' | 'large' | 'fixed' | 'start'
  /** The node that stands in the way; null where none does. */
  readonly at: string | null
}
