// Places of tokens from how parts of a text are encoded by themselves: exact for whatever a tokenizer does inside, wherever parts of the
// text give parts of the tokens.

import type { Span } from '#text/sourced-text'

/** Some tokens of a text, and the part of it that they stand for. */
export interface EncodedPart extends Span {
  /** Half-open range of tokens. */
  readonly first: number
  readonly last: number
}

type Encode = (text: string) => readonly number[]

/** Words that are tried together where one alone does not give the tokens that the text gives there. */
const MOST_JOINED = 6
/** Longer parts are not looked into: each of their prefixes is encoded. */
const MOST_CHARACTERS = 512

/** A run of letters with the white space before it. */
interface Word {
  readonly from: number
  readonly start: number
  readonly end: number
}

/**
 * Cuts a text at white space into the shortest parts whose tokens, encoded alone, stand in the text's own.
 * @param ids tokens of the whole text
 * @returns parts in order; together they have all tokens, the last one what could not be cut
 */
export function partsByWords(text: string, ids: readonly number[], encode: Encode): readonly EncodedPart[] {
  const words = wordsOf(text)
  const parts: (EncodedPart & { readonly words: number })[] = []
  let word = 0
  let token = 0
  /** Words that the next part has at least: after a dead end the part before is taken together with what follows. */
  let least = 1
  while (word < words.length) {
    const found = shortest(text, words.slice(word, word + MOST_JOINED), least, ids, token, encode)
    if (found !== null) {
      parts.push({ ...found, first: token, last: token + found.tokens })
      word += found.words
      token += found.tokens
      least = 1
      continue
    }
    const before = parts.pop()
    if (before === undefined) break
    if (before.words >= MOST_JOINED) {
      parts.push(before)
      break
    }
    word -= before.words
    token = before.first
    least = before.words + 1
  }
  if (token < ids.length)
    parts.push({ start: words[word]?.from ?? text.length, end: text.length, first: token, last: ids.length, words: 0 })
  return parts
}

function wordsOf(text: string): readonly Word[] {
  const words = Array.from(text.matchAll(/(\s*)\S+/gu), ({ 0: whole, 1: space = '', index }): Word => {
    return { from: index, start: index + space.length, end: index + whole.length }
  })
  const end = words.at(-1)?.end ?? 0
  return end < text.length ? [...words, { from: end, start: text.length, end: text.length }] : words
}

interface FoundPart extends Span {
  readonly words: number
  readonly tokens: number
}

/** The fewest words whose tokens stand at a place, with the space before them, one character of it, or none. */
function shortest(
  text: string,
  words: readonly Word[],
  least: number,
  ids: readonly number[],
  token: number,
  encode: Encode,
): FoundPart | null {
  const [first] = words
  if (first === undefined) return null
  const { from, start } = first
  for (const [index, { end }] of words.entries()) {
    if (index + 1 < least) continue
    for (const begin of new Set([from, Math.max(from, start - 1), start])) {
      const tokens = encode(text.slice(begin, end))
      if (standsAt(tokens, ids, token)) return { start: begin, end, words: index + 1, tokens: tokens.length }
    }
  }
  return null
}

function standsAt(tokens: readonly number[], ids: readonly number[], at: number): boolean {
  return at + tokens.length <= ids.length && tokens.every((id, index) => id === ids[at + index])
}

/**
 * Cuts a part further, where its prefixes give its first tokens.
 * @param unknown the id that stands for what the vocabulary lacks; it takes all that gives no other token
 */
export function partsByPrefixes(
  text: string,
  part: EncodedPart,
  ids: readonly number[],
  encode: Encode,
  unknown: number | null,
): readonly EncodedPart[] {
  const { start, end, first, last } = part
  if (end - start > MOST_CHARACTERS) return [part]
  /** By number of tokens: the shortest and the longest prefix that gives them. */
  const ends = new Map<number, { readonly shortest: number; readonly longest: number }>()
  for (let at = start; at < end; ) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    const tokens = at === end ? ids.slice(first, last) : encode(text.slice(start, at))
    if (first + tokens.length > last || !standsAt(tokens, ids, first)) continue
    ends.set(tokens.length, { shortest: ends.get(tokens.length)?.shortest ?? at, longest: at })
  }
  const parts: EncodedPart[] = []
  let begin = { token: 0, at: ends.get(0)?.longest ?? start }
  for (const [count, { shortest: short, longest }] of Array.from(ends).toSorted(([one], [other]) => one - other)) {
    if (count <= begin.token || longest < begin.at) continue
    const isUnknown = ids[first + count - 1] === unknown
    parts.push({
      start: begin.at,
      end: isUnknown ? longest : withMarks(text, short, longest),
      first: first + begin.token,
      last: first + count,
    })
    begin = { token: count, at: longest }
  }
  return parts.length === 0 ? [part] : parts
}

/** Marks belong to the letter before them, whatever the tokenizer does with them. */
function withMarks(text: string, from: number, most: number): number {
  if (!/[\p{L}\p{N}\p{S}\p{M}]$/u.test(text.slice(0, from))) return from
  const marks = /^(?:\p{M}|\u200d)+/u.exec(text.slice(from, most))?.[0] ?? ''
  return from + marks.length
}
