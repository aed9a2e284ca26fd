// What the page may ask of the worker that fetches models from a hub. That worker never hears of a text.

import type { Call } from './messages.ts'
import type { FileBlob, LoadProgress } from './model-api.ts'

export interface HubApi {
  /**
   * Which files a repository has, as the hub says now or, where it cannot be reached, as it said last.
   * Fails with `bad-hub-address`, `bad-repo-name`, `bad-revision`, `hub-unreachable`, `hub-refused`, `hub-unreadable`,
   * `hub-repo-missing`, `hub-revision-missing`, `hub-gated`, `hub-no-onnx`, `hub-no-tokenizer`.
   */
  readonly list: Call<{ readonly address: string; readonly repo: string; readonly revision: string }, never, HubListing>
  /**
   * Files of a listing, from what is kept or from the hub, and the data files that a graph among them names besides.
   * Fails with `hub-too-large`, `hub-gated`, `file-missing`, `file-refused`, `file-is-page`, `file-size`, `file-damaged`, `download-failed`.
   */
  readonly download: Call<HubDownload, HubProgress, HubFiles>
  /** Removes what is kept of a repository. */
  readonly forget: Call<HubRepo, never, null>
  /** What is kept. */
  readonly stored: Call<null, never, readonly StoredRepo[]>
}

/** A repository by the hub's address (http or https, with or without a path) and its name, `owner/name`. */
export interface HubRepo {
  readonly address: string
  readonly repo: string
}

export interface HubFile {
  /** Path inside the repository, with `/`. */
  readonly path: string
  /** Bytes; null where the hub does not say. */
  readonly size: number | null
  /** Lower-case hexadecimal; null where the hub names none. */
  readonly sha256: string | null
  /** What tells versions of the file apart on a host without commits and hashes: its entity tag or its date; else null. */
  readonly version: string | null
}

/** A graph with all that it takes to run it, so far as names tell. */
export interface HubModel {
  /** Path of the graph. */
  readonly path: string
  /** The graph first, then its data files, then side files that lie nearer to it than those of the listing. */
  readonly files: readonly HubFile[]
  /** Bytes of the graph and of its data; null where one is unknown. */
  readonly bytes: number | null
  /** By the name: `fp32` where it says nothing, `q8` for `_quantized`, else `fp16`, `bf16`, `int8`, `uint8`, `q4`, `q4f16`, `bnb4`, ... */
  readonly precision: string
  /** False where the name says that the file is a part of a model, which cannot take a text by itself. */
  readonly whole: boolean
  /** A file of it is larger than a browser can hold. */
  readonly tooLarge: boolean
}

export interface HubListing {
  readonly repo: string
  /** As asked. */
  readonly revision: string
  /** The commit that the revision stands for; null on a host that knows none. */
  readonly commit: string | null
  readonly license: string | null
  /** The hub gives the files only to those who have accepted its terms there. */
  readonly gated: boolean
  readonly files: readonly HubFile[]
  /** False where the host keeps no list: then these are the usual names that it has. */
  readonly exhaustive: boolean
  readonly models: readonly HubModel[]
  /** Configuration and tokenizer, for every model. */
  readonly sideFiles: readonly HubFile[]
  /** Path of the graph that is loaded when the reader names none; null where all are parts or too large. */
  readonly suggested: string | null
}

export interface HubDownload extends HubRepo {
  /** The listing's commit, or its revision where there is none. */
  readonly commit: string
  readonly files: readonly HubFile[]
}

export type HubProgress = Extract<LoadProgress, { readonly kind: 'download' | 'retry' | 'stage' }>

export interface HubFiles {
  readonly files: readonly {
    readonly path: string
    /** A Blob in a browser, on its disk where the file is kept. */
    readonly blob: FileBlob
    /** As the hub names it, and as it was found; null where the hub names none. */
    readonly sha256: string | null
  }[]
  /** `hash` where graph and data have the hashes that the hub names; hubs name none for small text files. */
  readonly checked: 'hash' | 'size'
  /** Whether all files are kept for the next visit, or why not. */
  readonly kept: 'yes' | 'full' | 'unavailable'
}

export interface StoredRepo extends HubRepo {
  readonly bytes: number
}
