// What the page knows of a tokenised input: each token, where it stands in the typed text, and what was cut off.

/** One token of a model input. */
export interface Token {
  /** Index in the model's vocabulary. */
  readonly id: number
  /** The vocabulary's own spelling, for example `##ing` or `Ġthe`. */
  readonly piece: string
  /** What the reader sees: the typed characters, or the special token's name. */
  readonly label: string
  /** Half-open UTF-16 range [start, end) of the typed text; empty (start = end) for a token that no typed character made. */
  readonly start: number
  readonly end: number
  /** Index of the word this token is a piece of; tokens of one word share it. -1 for special tokens. */
  readonly word: number
  /** Where the token comes from: the text, the model's template ([CLS], <s>), or an edit of the reader. */
  readonly source: 'text' | 'template' | 'edit'
  /** What the model is told of its kind, where the model's template names another than 0: for a pair, which text it is of. */
  readonly type?: number
}

/** A whole tokenised input. */
export interface TokenRow {
  readonly tokens: readonly Token[]
  /** UTF-16 offset in the typed text from which characters were dropped because the model's length was reached; null when nothing was. */
  readonly cutAt: number | null
  /** Number of tokens that the whole text would have needed, template included. */
  readonly wantedLength: number
  /** Half-open UTF-16 ranges of characters that give no token, so that the model does not see them; left out where there are none. */
  readonly dropped?: readonly { readonly start: number; readonly end: number }[]
  /** Left out where every word is known. */
  readonly wordsKnown?: WordsKnown
}

/** Words of a text that have letters, and how many of them are unknown, or read letter by letter in a script that the vocabulary hardly has. */
export interface WordsKnown {
  readonly words: number
  readonly unknown: number
}

/** Where a word stands in a text: at its start, after white space, or after a character such as a bracket. Vocabularies spell it by that. */
export type WordPlace = 'start' | 'after-space' | 'attached'
