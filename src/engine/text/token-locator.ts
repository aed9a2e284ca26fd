// Follows a typed text through the steps of a tokenizer (added tokens, normaliser, words, pieces), keeping each character's place.

import { Tokenizer } from '@huggingface/tokenizers'
import * as v from 'valibot'
import { toByteLevel } from '#text/byte-level'
import { matchStrings, matchWords } from '#text/match-strings'
import { normaliseWithSources } from '#text/normalised-text'
import { type Piece, pieceLabel } from '#text/piece'
import { type SourcedText, type Span, sourceOf, unchanged } from '#text/sourced-text'
import { locatePieces, type PieceSpelling } from '#text/spans'
import { wordRuns } from '#text/word-runs'
import { type AddedTokens, addedTokensOf, NO_ADDED_TOKENS, splitAdded } from './added-tokens.ts'
import { partsByPrefixes, partsByWords } from './encoded-parts.ts'

/** A token's range in the typed text and the word it belongs to, numbered from 0. */
export interface LocatedPiece extends Span {
  readonly word: number
}

/** `pieces` are the Rust library's own for `text`. A span may be empty where no character can be told to have made a token. */
export interface Locator {
  (text: string, pieces: readonly Piece[]): readonly LocatedPiece[]
  /** Whether pieces are spelt in the byte-level alphabet, where a word's space belongs to its first piece. */
  readonly bytes: boolean
  /** The piece that stands for what the vocabulary lacks; null where there is none. */
  readonly unknown: string | null
}

const spellingSchema = v.object({
  model: v.object({
    continuing_subword_prefix: v.fallback(v.nullish(v.string(), ''), ''),
    end_of_word_suffix: v.fallback(v.nullish(v.string(), ''), ''),
    fuse_unk: v.fallback(v.nullish(v.boolean(), false), false),
    unk_token: v.fallback(v.nullish(v.string(), null), null),
    unk_id: v.fallback(v.nullish(v.number(), null), null),
    vocab: v.unknown(),
  }),
})

/**
 * Follows the steps of `@huggingface/tokenizers`, which unlike the Rust library can be watched, wherever they end in the pieces that the
 * Rust library gave. Elsewhere the text is cut into parts that give parts of the tokens, and inside these pieces are matched by spelling.
 * @param encode ids of the Rust library
 */
export function createLocator(tokenizerJson: object, encode: (text: string) => readonly number[]): Locator {
  const { model } = v.parse(spellingSchema, tokenizerJson)
  const bytes = usesBytes('pre_tokenizer' in tokenizerJson ? tokenizerJson.pre_tokenizer : null)
  const library = openLibrary(tokenizerJson)
  const unknown = model.unk_token ?? unknownOf(model.vocab, model.unk_id)
  const steps: Steps = {
    library,
    bytes,
    fuse: model.fuse_unk ?? false,
    spelling: { continuation: model.continuing_subword_prefix ?? '', wordEnd: model.end_of_word_suffix ?? '', unknown },
    normalise: (text) => library?.normalizer?.normalize(text) ?? text,
    added: library === null ? NO_ADDED_TOKENS : addedTokensOf(library),
  }
  const locate = (text: string, pieces: readonly Piece[]): readonly LocatedPiece[] => {
    const located = followed(text, steps)
    const same = located?.length === pieces.length && located.every(({ piece }, index) => piece === pieces[index]?.piece)
    return same && isSharp(text, located) ? located : locateByParts(text, pieces, encode, steps)
  }
  return Object.assign(locate, { bytes, unknown })
}

const modelSchema = v.object({ model: v.looseObject({}) })

/** null where the library does not know a part of the file. */
function openLibrary(tokenizerJson: object): Tokenizer | null {
  try {
    // It reads the vocabulary and changes nothing in it; a whole copy takes as long as the library itself.
    const { model } = v.parse(modelSchema, tokenizerJson)
    return new Tokenizer({ ...tokenizerJson, model: { ...model } }, {})
  } catch {
    return null
  }
}

function followed(text: string, steps: Steps): readonly NamedPiece[] | null {
  try {
    return steps.library === null ? null : locateAll(text, steps, steps.library)
  } catch {
    // What the library cannot do with this text is no fault of the text.
    return null
  }
}

/** Unigram names its unknown piece by index. */
function unknownOf(vocab: unknown, id: number | null): string | null {
  const entry: unknown = Array.isArray(vocab) && id !== null ? vocab[id] : null
  return Array.isArray(entry) && typeof entry[0] === 'string' ? entry[0] : null
}

/** What the library does with a text, step by step. */
interface Steps {
  readonly library: Tokenizer | null
  readonly bytes: boolean
  /** Unknown pieces are fused across words, so a whole section is given to the model at once. */
  readonly fuse: boolean
  readonly spelling: PieceSpelling
  readonly normalise: (text: string) => string
  readonly added: AddedTokens
}

interface NamedPiece extends LocatedPiece {
  readonly piece: string
}

function locateAll(text: string, steps: Steps, library: Tokenizer): readonly NamedPiece[] {
  const { added } = steps
  const located: NamedPiece[] = []
  let words = 0
  const push = (piece: string, span: Span, word: number): void => {
    located.push({ piece, ...span, word: words + word })
  }
  splitAdded(unchanged(text), added.typed, added).forEach((section, sectionIndex) => {
    if (added.byText.has(section.text)) {
      push(section.text, sourceOf(section, whole(section)), 0)
      words++
      return
    }
    const [start = 0] = section.start
    const normalised = normaliseWithSources(section.text, start, steps.normalise)
    for (const part of splitAdded(normalised, added.normalised, added)) {
      if (added.byText.has(part.text)) {
        push(part.text, sourceOf(part, whole(part)), 0)
        words++
        continue
      }
      const pieces = locateSection(part, text, sectionIndex, steps, library)
      for (const piece of pieces) push(piece.piece, piece, piece.word)
      words += (pieces.at(-1)?.word ?? -1) + 1
    }
  })
  return located
}

/** The pieces of one normalised section without added tokens. */
function locateSection(section: SourcedText, typed: string, index: number, steps: Steps, library: Tokenizer): readonly NamedPiece[] {
  const { bytes, spelling } = steps
  const words = library.pre_tokenizer?.pre_tokenize(section.text, { section_index: index }) ?? [section.text]
  const below = bytes ? toByteLevel(section.text) : unchanged(section.text)
  const inBelow = matchWords(below.text, words)
  const runs = wordRuns(section.text)
  const numberWord = wordCounter()
  const located: NamedPiece[] = []
  let at = 0
  for (const group of steps.fuse ? [words] : words.map((word) => [word])) {
    const text = group.join('')
    const pieces = library.model?.(group) ?? []
    locatePieces(text, pieces, spelling).forEach((range, order) => {
      const inSection = sourceOf(below, sourceOf(inBelow, { start: at + range.start, end: at + range.end }))
      const span = withoutLeadingSpace(typed, sourceOf(section, inSection))
      located.push({ piece: pieces[order] ?? '', ...span, word: numberWord(wordAt(runs, inSection)) })
    })
    at += text.length
  }
  return located
}

/** Whether pieces that share a place share one character: a normaliser that rewrites more at once does not tell which piece is what. */
function isSharp(text: string, places: readonly Span[]): boolean {
  return places.every(({ start, end }, index) => {
    const next = places[index + 1]
    return next === undefined || next.start >= end || Array.from(text.slice(next.start, end)).length <= 1 || start === end
  })
}

/** Spans for pieces that the steps above did not give. */
function locateByParts(
  text: string,
  pieces: readonly Piece[],
  encode: (text: string) => readonly number[],
  steps: Steps,
): readonly LocatedPiece[] {
  const ids = pieces.map(({ id }) => id)
  const unknown = pieces.find(({ piece }) => piece === steps.spelling.unknown)?.id ?? null
  // A byte order mark inside a word parts it for nobody but JavaScript.
  const runs = wordRuns(text.replaceAll('\ufeff', 'a'))
  const numberWord = wordCounter()
  let lastEnd = 0
  let last: Span = { start: 0, end: 0 }
  return partsByWords(text, ids, encode)
    .flatMap((part) => {
      const { start, end, first, last } = part
      const isLiteral = last - first === 1 && pieceLabel(pieces[first]?.piece ?? '') === text.slice(start, end).trim()
      return isLiteral ? [part] : partsByPrefixes(text, part, ids, encode, unknown)
    })
    .flatMap(({ start, end, first, last }) => {
      const inside = text.slice(start, end)
      const own = pieces.slice(first, last).map(({ piece }) => piece)
      const spaces = own.findIndex((piece) => !SPACES.test(piece))
      const spelt = spaces < 0 ? [] : own.slice(spaces)
      // Marks and joiners belong to their letter, whose pieces share it.
      const letter = spelt.length === 1 ? whole({ text: inside }) : soleLetter(inside)
      const spans = letter === null ? locateBySpelling(inside, spelt, steps) : spelt.map(() => letter)
      // Where all looks like white space, the last character made what is no white space to the tokenizer, such as a byte order mark.
      const letters = spelt.length > 0 && inside.trim() === '' ? Math.max(start, end - 1) : start
      const places = spans.map((span) => withoutSpaceAround(text, { start: Math.max(letters, start + span.start), end: start + span.end }))
      const before = spacesBefore(text, { start, end: letters > start ? letters : end }, lastEnd, own.length - spelt.length)
      lastEnd = Math.max(lastEnd, end)
      return [...before, ...places]
    })
    .map((place): LocatedPiece => {
      // Places never go back, whatever a normaliser put in front.
      last = { start: Math.max(place.start, last.start), end: Math.max(place.start, place.end, last.end) }
      return { ...last, word: numberWord(wordAt(runs, last)) }
    })
}

/** The only letter of a part, with its marks; null where there are more. Format characters are none. */
function soleLetter(text: string): Span | null {
  const [letter, ...more] = text.matchAll(/[^\s\p{M}\p{Cf}](?:\p{M}|\u200d)*/gu)
  return letter === undefined || more.length > 0 ? null : { start: letter.index, end: letter.index + letter[0].length }
}

/** A piece that spells white space alone. */
const SPACES = /^[▁Ġ]+$/u

/** Places of pieces that spell white space: a character each of what stands at the start of a part, or before it; the last takes the rest. */
function spacesBefore(text: string, { start, end }: Span, lastEnd: number, count: number): readonly Span[] {
  const inside = text.slice(start, end)
  const to = end - inside.trimStart().length
  const from = Math.max(lastEnd, text.slice(0, to).trimEnd().length)
  return Array.from({ length: count }, (_, index) => {
    const at = Math.min(from + index, Math.max(from, to))
    return { start: at, end: index === count - 1 ? Math.max(at, to) : Math.min(at + 1, Math.max(at, to)) }
  })
}

/** The spelling of pieces matched against the normalised text. */
function locateBySpelling(text: string, pieces: readonly string[], { normalise, bytes, spelling }: Steps): readonly Span[] {
  const section = normaliseWithSources(text, 0, normalise)
  if (!bytes) {
    // White space is no part of a token's place, whether pieces spell it or not.
    const dense = withoutSpaces(section)
    const spelt = pieces.map((piece) => piece.replace(/[ ▁]/gu, ''))
    const spans = locatePieces(dense.text, spelt.filter(Boolean), spelling).map((span) => sourceOf(dense, span))
    let last = 0
    return spelt.map((piece) => {
      const span = piece === '' ? undefined : spans.shift()
      if (span === undefined) return { start: last, end: last }
      last = span.end
      return span
    })
  }
  const below = toByteLevel(section.text)
  const matched = matchStrings(below.text, pieces.join(''))
  let at = 0
  return pieces.map((piece) => {
    const inSection = sourceOf(below, sourceOf(matched, { start: at, end: at + piece.length }))
    at += piece.length
    return sourceOf(section, inSection)
  })
}

function withoutSpaces({ text, start, end }: SourcedText): SourcedText {
  const isKept = (_: number, index: number): boolean => !/[ ▁\u00a0\u2000-\u200a\u3000]/u.test(text.charAt(index))
  return { text: text.replace(/[ ▁\u00a0\u2000-\u200a\u3000]/gu, ''), start: start.filter(isKept), end: end.filter(isKept) }
}

/** The word of a range's first character that is not white space, -1 where there is none. */
function wordAt(runs: Int32Array, { start, end }: Span): number {
  return runs.subarray(start, end).find((word) => word >= 0) ?? -1
}

/** Numbers runs by first appearance; a run of -1 (white space) is a word of its own each time. */
function wordCounter(): (run: number) => number {
  let word = -1
  let last = -2
  return (run) => {
    if (run === -1 || run !== last) word++
    last = run
    return word
  }
}

function withoutLeadingSpace(text: string, { start, end }: Span): Span {
  const typed = text.slice(start, end)
  const stripped = typed.trimStart()
  return stripped === '' ? { start, end } : { start: end - stripped.length, end }
}

function withoutSpaceAround(text: string, { start, end }: Span): Span {
  const typed = text.slice(start, end)
  if (typed.trim() === '') return { start, end }
  return { start: end - typed.trimStart().length, end: start + typed.trimEnd().length }
}

function whole(section: Pick<SourcedText, 'text'>): Span {
  return { start: 0, end: section.text.length }
}

const stepSchema = v.object({ type: v.string(), pretokenizers: v.optional(v.array(v.unknown()), []) })

/** Whether a pre-tokenizer, or one of its steps, spells text in bytes. */
function usesBytes(preTokenizer: unknown): boolean {
  const parsed = v.safeParse(stepSchema, preTokenizer)
  return parsed.success && (parsed.output.type === 'ByteLevel' || parsed.output.pretokenizers.some(usesBytes))
}
