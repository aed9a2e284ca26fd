// The vocabulary of attention that methods, engine and page share.

/** One attention head: layer and head count from 0. */
export interface HeadRef {
  readonly layer: number
  readonly head: number
}

/** Which attention is asked for: chosen heads one by one, or one matrix made of them. */
export interface AttentionChoice {
  readonly heads: readonly HeadRef[]
  /** `each`: one matrix a head; `mean` and `max`: one matrix, element by element over the chosen heads. */
  readonly reduce: 'each' | 'mean' | 'max'
}

/** Attention probabilities of a run: per layer a tensor [heads, T, T]; row = query, column = key; rows sum to 1. */
export interface AttentionRun {
  readonly tokens: number
  readonly layers: readonly { readonly heads: number; readonly data: Float32Array }[]
}

/** One matrix [T, T] for the page. `head` is null when several heads were reduced to one matrix. */
export interface AttentionMatrix {
  readonly head: HeadRef | null
  readonly tokens: number
  readonly data: Float32Array
}
