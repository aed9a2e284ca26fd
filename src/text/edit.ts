// Edits of a token row: the reader's "what if". They act on tokens, not on text, so that masking a word piece is exact.

/** One edit. `at` is an index into the row as the earlier edits left it. */
export type TokenEdit =
  | { readonly kind: 'mask'; readonly at: number }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'duplicate'; readonly at: number }
  /** Swaps token `at` with token `at + 1`. */
  | { readonly kind: 'swap'; readonly at: number }
  /** Puts the pieces of a typed word in the place of token `at`. */
  | { readonly kind: 'replace'; readonly at: number; readonly word: string }
