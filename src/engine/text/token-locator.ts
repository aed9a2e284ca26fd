// Follows a typed text through the steps of a tokenizer (added tokens, normaliser, words, pieces), keeping each character's place.

import type { Tokenizer } from '@huggingface/tokenizers'
import * as v from 'valibot'
import { toByteLevel } from '#text/byte-level'
import { matchStrings, matchWords } from '#text/match-strings'
import { normaliseWithSources } from '#text/normalised-text'
import { pieceLabel } from '#text/piece'
import { type SourcedText, type Span, sourceOf, unchanged } from '#text/sourced-text'
import { locatePieces, type PieceSpelling } from '#text/spans'
import { wordRuns } from '#text/word-runs'
import { type AddedTokens, addedTokensOf, splitAdded } from './added-tokens.ts'

/** A token's range in the typed text and the word it belongs to, numbered from 0. */
export interface LocatedPiece extends Span {
  readonly word: number
}

/** `pieces` are the library's own for `text`. Where they cannot be followed step by step, spans come from likeness and may be empty. */
export interface Locator {
  (text: string, pieces: readonly string[]): readonly LocatedPiece[]
  /** Whether pieces are spelt in the byte-level alphabet, where a word's space belongs to its first piece. */
  readonly bytes: boolean
}

const spellingSchema = v.object({
  model: v.object({
    continuing_subword_prefix: v.nullish(v.string(), ''),
    end_of_word_suffix: v.nullish(v.string(), ''),
    fuse_unk: v.nullish(v.boolean(), false),
  }),
})
const habitSchema = v.object({ remove_space: v.nullish(v.boolean(), false), do_lowercase_and_remove_accent: v.nullish(v.boolean(), false) })

export function createLocator(library: Tokenizer, tokenizerJson: object, tokenizerConfig: object): Locator {
  const { model } = v.parse(spellingSchema, tokenizerJson)
  const bytes = usesBytes('pre_tokenizer' in tokenizerJson ? tokenizerJson.pre_tokenizer : null)
  const steps: Steps = {
    library,
    bytes,
    fuse: model.fuse_unk,
    spelling: {
      continuation: model.continuing_subword_prefix,
      wordEnd: model.end_of_word_suffix,
      unknown: library.model?.unk_token ?? null,
    },
    normalise: normaliserOf(library, tokenizerConfig),
    added: addedTokensOf(library),
  }
  const locate = (text: string, pieces: readonly string[]): readonly LocatedPiece[] => {
    const located = locateAll(text, steps)
    const same = located.length === pieces.length && located.every(({ piece }, index) => piece === pieces[index])
    return same ? located : locateByLikeness(text, pieces, steps)
  }
  return Object.assign(locate, { bytes })
}

/** What the library does with a text, step by step. */
interface Steps {
  readonly library: Tokenizer
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

function locateAll(text: string, steps: Steps): readonly NamedPiece[] {
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
    const normalised = normaliseWithSources(section.text, section.start[0] ?? 0, steps.normalise)
    for (const part of splitAdded(normalised, added.normalised, added)) {
      if (added.byText.has(part.text)) {
        push(part.text, sourceOf(part, whole(part)), 0)
        words++
        continue
      }
      const pieces = locateSection(part, text, sectionIndex, steps)
      for (const piece of pieces) push(piece.piece, piece, piece.word)
      words += (pieces.at(-1)?.word ?? -1) + 1
    }
  })
  return located
}

/** The pieces of one normalised section without added tokens. */
function locateSection(section: SourcedText, typed: string, index: number, steps: Steps): readonly NamedPiece[] {
  const { library, bytes, spelling } = steps
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

/** Spans for pieces that the steps above did not give: their spelling matched against the normalised text. */
function locateByLikeness(text: string, pieces: readonly string[], { normalise, bytes, spelling }: Steps): readonly LocatedPiece[] {
  const section = normaliseWithSources(text, 0, normalise)
  const below = bytes ? toByteLevel(section.text) : unchanged(section.text)
  const spelt = pieces.map((piece) => (piece === spelling.unknown ? '' : bytes ? piece : pieceLabel(piece)))
  const matched = matchStrings(below.text, spelt.join(''))
  const runs = wordRuns(section.text)
  const numberWord = wordCounter()
  let at = 0
  return spelt.map((piece) => {
    const inSection = sourceOf(below, sourceOf(matched, { start: at, end: at + piece.length }))
    at += piece.length
    return { ...withoutLeadingSpace(text, sourceOf(section, inSection)), word: numberWord(wordAt(runs, inSection)) }
  })
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

function whole(section: SourcedText): Span {
  return { start: 0, end: section.text.length }
}

/** The library's normaliser with the two habits that some tokenizer_config.json files add to it. */
function normaliserOf(library: Tokenizer, tokenizerConfig: object): (text: string) => string {
  const parsed = v.safeParse(habitSchema, tokenizerConfig)
  const habits = parsed.success ? parsed.output : { remove_space: false, do_lowercase_and_remove_accent: false }
  return (text) => {
    const spaced = habits.remove_space ? text.trim().split(/\s+/).join(' ') : text
    const plain = habits.do_lowercase_and_remove_accent ? spaced.toLowerCase().replace(/\p{M}/gu, '') : spaced
    return library.normalizer?.normalize(plain) ?? plain
  }
}

const stepSchema = v.object({ type: v.string(), pretokenizers: v.optional(v.array(v.unknown()), []) })

/** Whether a pre-tokenizer, or one of its steps, spells text in bytes. */
function usesBytes(preTokenizer: unknown): boolean {
  const parsed = v.safeParse(stepSchema, preTokenizer)
  return parsed.success && (parsed.output.type === 'ByteLevel' || parsed.output.pretokenizers.some(usesBytes))
}
