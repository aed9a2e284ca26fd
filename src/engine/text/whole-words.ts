// Words that can be put in the place of others: whole ones, of letters, that the tokenizer makes one token of.

import type { TokenRow, WordPlace } from '#text/token'
import type { ModelTokenizer } from './tokenizer.ts'

/** Letters: no punctuation, and no piece that only goes inside a word. */
export const WORD = /^\p{L}+$/u

/** Whether a token of a text is a word by itself; pieces of words are not replaced by themselves. */
export function isWholeWord(row: TokenRow, at: number): boolean {
  return whyNoWord(row, at) === null
}

/** Why a token is no word by itself; null where it is one. */
export function whyNoWord({ tokens }: TokenRow, at: number): 'not-letters' | 'part-of-word' | null {
  const token = tokens[at]
  if (token === undefined || token.source === 'template' || !WORD.test(token.label.trim())) return 'not-letters'
  const isAlone = token.word < 0 || tokens.every((other, place) => place === at || other.word !== token.word)
  return isAlone ? null : 'part-of-word'
}

/** What a reader sees for an index that is a word; null for punctuation, pieces and the tokenizer's own tokens. */
export function wordOf(id: number, { labelOf }: Pick<ModelTokenizer, 'labelOf'>): string | null {
  const word = labelOf(id)?.trim() ?? ''
  return WORD.test(word) ? word : null
}

/** The same of a word that, typed in a place, is that index alone. */
export function typedWordOf(
  id: number,
  tokenizer: Pick<ModelTokenizer, 'labelOf' | 'encodeWord'>,
  place: WordPlace = 'after-space',
): string | null {
  const word = wordOf(id, tokenizer)
  const pieces = word === null ? [] : tokenizer.encodeWord(word, place)
  return pieces.length === 1 && pieces[0]?.id === id ? word : null
}

/** Whether a word could stand where the other does as it is written: more than one letter, and a capital where the other has one. */
export function isCasedLike(word: string, other: string): boolean {
  const isCapital = (text: string): boolean => /^\p{Lu}/u.test(text.trim())
  const isInside = Array.from(word)
    .slice(1)
    .some((letter) => /\p{Lu}/u.test(letter))
  return (Array.from(word).length > 1 || /\p{Script=Han}/u.test(word)) && !isInside && isCapital(word) === isCapital(other)
}
