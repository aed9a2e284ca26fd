// What can be wrong with a question about attention. The page turns kind and data into a sentence in its language.

/**
 * - `no-such-head`: data { layer, head }
 * - `no-such-layer`: data { layer, layers }
 * - `no-such-token`: data { token, tokens }
 * - `uneven-heads`: the layers of a run have different numbers of heads: data { layer, heads, expected }
 * - `models-differ`: two runs are not of one architecture: data { layer, a, b } (heads; layer -1: numbers of layers)
 * - `alignment-mismatch`: an alignment names tokens that a run does not have: data { tokensA, tokensB }
 */
export type AttentionErrorKind =
  | 'no-such-head'
  | 'no-such-layer'
  | 'no-such-token'
  | 'uneven-heads'
  | 'models-differ'
  | 'alignment-mismatch'

export class AttentionError extends Error {
  readonly kind: AttentionErrorKind
  readonly data: Readonly<Record<string, number>>

  constructor(kind: AttentionErrorKind, data: Readonly<Record<string, number>>) {
    super(`${kind} ${JSON.stringify(data)}`)
    this.name = 'AttentionError'
    this.kind = kind
    this.data = data
  }
}
