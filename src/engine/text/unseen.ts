// What of a text a model does not see, or sees only letter by letter: characters that give no token, and words of scripts that its
// vocabulary hardly has.

import type { Piece } from '#text/piece'
import type { Span } from '#text/sourced-text'
import type { Token } from '#text/token'

/** Words of a text, and how many of them the model knows at most letter by letter. */
export interface WordsKnown {
  readonly words: number
  readonly unknown: number
}

/** White space, marks and characters without a look of their own are missed by nobody. */
const INVISIBLE = /[\s\p{M}\p{C}\p{Z}]/u
/** A piece that spells white space alone. */
const SPACES = /^[▁Ġ\s]*$/u

/**
 * Characters that no token stands for, each proved by the tokenizer itself, which gives nothing for it alone.
 * @param end where reading ended: what was cut off is told otherwise
 */
export function droppedIn(text: string, end: number, tokens: readonly Span[], encode: (text: string) => readonly Piece[]): readonly Span[] {
  const covered = new Uint8Array(end)
  for (const { start, end: last } of tokens) covered.fill(1, start, Math.min(last, end))
  const known = new Map<string, boolean>()
  const isDropped = (character: string): boolean => {
    const before = known.get(character)
    if (before !== undefined) return before
    const dropped = encode(character).every(({ piece }) => SPACES.test(piece))
    known.set(character, dropped)
    return dropped
  }
  const dropped: Span[] = []
  for (let at = 0; at < end; ) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    if (covered[at] === 0 && !INVISIBLE.test(character) && isDropped(character)) dropped.push({ start: at, end: at + character.length })
    at += character.length
  }
  return dropped
}

const SCRIPTS = [
  ...['Arabic', 'Armenian', 'Bengali', 'Cyrillic', 'Devanagari', 'Ethiopic', 'Georgian', 'Greek', 'Gujarati', 'Gurmukhi', 'Han', 'Hangul'],
  ...['Hebrew', 'Hiragana', 'Kannada', 'Katakana', 'Khmer', 'Lao', 'Malayalam', 'Mongolian', 'Myanmar', 'Oriya', 'Sinhala', 'Tamil'],
  ...['Telugu', 'Thaana', 'Thai', 'Tibetan'],
].map((name) => new RegExp(`\\p{Script=${name}}`, 'u'))
const LATIN = /\p{Script=Latin}/u
const LETTER = /\p{L}\p{M}*/gu
/** Below this share of its entries a vocabulary hardly has a script: BERT has 1.6 % of Han and 0.3 % of Arabic, and reads neither. */
const HARDLY = 0.03

/** How much of its vocabulary, as readers see it, is of a script. */
export type ShareOf = (script: RegExp) => number

/** @param labels of all entries; a script is counted when it is first asked for */
export function sharesOf(labels: () => Iterable<string | null>): ShareOf {
  const shares = new Map<RegExp, number>()
  return (script) => {
    const known = shares.get(script)
    if (known !== undefined) return known
    let [own, all] = [0, 0]
    for (const label of labels()) {
      all++
      if (label !== null && script.test(label)) own++
    }
    const share = own / Math.max(1, all)
    shares.set(script, share)
    return share
  }
}

/** @param unknown the piece that stands for what the vocabulary lacks; null where there is none */
export function wordsKnownIn(text: string, tokens: readonly Token[], unknown: string | null, shareOf: ShareOf): WordsKnown {
  const words = new Map<number, Token[]>()
  for (const token of tokens) if (token.word >= 0) words.set(token.word, [...(words.get(token.word) ?? []), token])
  const lettered = Array.from(words.values(), (pieces) => ({ pieces, letters: lettersOf(text, pieces) })).filter(
    ({ letters }) => letters.length > 0,
  )
  const isUnknown = ({ pieces, letters }: (typeof lettered)[number]): boolean => {
    if (pieces.some(({ piece }) => piece === unknown)) return true
    if (pieces.length < letters.length || LATIN.test(letters[0] ?? '')) return false
    const script = SCRIPTS.find((one) => one.test(letters[0] ?? ''))
    return script === undefined || shareOf(script) < HARDLY
  }
  return { words: lettered.length, unknown: lettered.filter(isUnknown).length }
}

function lettersOf(text: string, pieces: readonly Token[]): readonly string[] {
  const typed = text.slice(pieces[0]?.start, pieces.at(-1)?.end)
  return Array.from(typed.matchAll(LETTER), ([letter]) => letter)
}
