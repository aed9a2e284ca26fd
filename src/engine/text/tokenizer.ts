// A model's tokenizer: ids of the Rust library, and the exact place of each token in the typed text, which it does not give.

import * as v from 'valibot'
import { bytesOfByteLevel } from '#text/byte-level'
import { type Piece, pieceLabel } from '#text/piece'
import { type Span, sourceOf } from '#text/sourced-text'
import type { Token, TokenRow, WordPlace } from '#text/token'
import { EngineError } from '../error.ts'
import { type ChatTemplate, type ChatText, chatTemplateOf, chatTextOf, hasChatTemplate } from './chat-template.ts'
import { createRustTokenizer, type RustTokenizer } from './rust-tokenizer.ts'
import { createLocator, type LocatedPiece } from './token-locator.ts'
import { type TemplateToken, templateOf, vocabularyOf } from './tokenizer-file.ts'
import { withOverrides } from './tokenizer-overrides.ts'
import { droppedIn, sharesOf, wordsKnownIn } from './unseen.ts'

export interface ModelTokenizer {
  /**
   * Tokens of a typed text; ids are those of the library, cut at `maxTokens` before the template's ending. Of a text far longer
   * than the model takes only the start is read: `wantedLength` is then a lower bound, and `cutAt` where reading ended at the latest.
   */
  encode(text: string): TokenRow
  /** The same with the text as a message in the chat template, whose tokens are the model's own. @throws EngineError `no-chat-template` */
  encodeChat(text: string): TokenRow
  /** The pieces of a word where it would stand, after a space unless another place is named. */
  encodeWord(word: string, place?: WordPlace): readonly Piece[]
  /** The vocabulary's spelling of an index; null beyond it. */
  pieceOf(id: number): string | null
  /** What a reader sees for an index, a word's space before it included; null beyond the vocabulary. */
  labelOf(id: number): string | null
  /** The text that ids spell, with those of special tokens. */
  decode(ids: readonly number[]): string
  /** One more than the largest index. */
  readonly size: number
  readonly hasChat: boolean
  readonly mask: Piece | null
  /** What fills up a row that is too short; null where the tokenizer has none. */
  readonly pad: Piece | null
  /** Stands between two texts of one row. */
  readonly separator: Piece | null
  /** What says that a text has ended; null where the tokenizer names none. */
  readonly end: Piece | null
  readonly maxTokens: number
}

/**
 * Characters of a typed text that are tokenised for each token the model can take. Ordinary prose has 1 to 6
 * characters a token; a pasted megabyte beyond this would block the worker for seconds and be cut off anyway.
 */
const CHARACTERS_PER_TOKEN = 16
/** No text is read beyond this, whatever the model takes: byte-level merging of longer ones takes seconds. */
const MAX_CHARACTERS = 65_536
/** A cut looks this far back for white space, so that no word is cut in two. */
const CUT_REACH = 256

const tokenSchema = v.nullish(v.union([v.string(), v.object({ content: v.string() })]))
const configSchema = v.object({ mask_token: tokenSchema, pad_token: tokenSchema, sep_token: tokenSchema, eos_token: tokenSchema })

/** What a tokenizer may be given beside its files. */
export interface TokenizerExtras {
  /** Content of chat_template.jinja. */
  readonly chatTemplate?: string | null
}

/**
 * @param maxTokens length of the longest row, template included
 * @throws EngineError `bad-config`, with the part that the library does not know
 */
export async function createTokenizer(
  tokenizerJson: object,
  tokenizerConfig: object,
  maxTokens: number,
  { chatTemplate = null }: TokenizerExtras = {},
): Promise<ModelTokenizer> {
  const file = withOverrides(tokenizerJson, tokenizerConfig)
  const rust = await createRustTokenizer(file)
  const vocabulary = vocabularyOf(file, rust.pieceOf)
  const template = templateOf(file)
  const locate = createLocator(file, rust.encode)
  const room = Math.max(0, maxTokens - template.before.length - template.after.length)
  const limit = Math.min(maxTokens * CHARACTERS_PER_TOKEN, MAX_CHARACTERS)
  const readable = (text: string): string => text.slice(0, cutBefore(text, limit))
  const encoded = (text: string): readonly Piece[] => rust.encode(text).map((id) => ({ id, piece: pieceOf(rust, id) }))

  const hasChat = chatTemplate !== null || hasChatTemplate(tokenizerConfig)
  let chat: ChatTemplate | null = null
  const templateTokens = (tokens: readonly TemplateToken[], at: number): Token[] =>
    tokens.map(({ id, piece, type }) => ({ id, piece, label: piece, start: at, end: at, word: -1, source: 'template', ...ofType(type) }))

  const labelOf = (id: number): string | null => {
    const piece = rust.pieceOf(id)
    if (piece === null) return null
    // Part of a character has no text of its own.
    const text = locate.bytes && !vocabulary.added.has(id) ? decoded(piece) : piece
    return text === null || text === '' || text.includes('\ufffd') ? piece : text.replace(/^▁+/u, (spaces) => ' '.repeat(spaces.length))
  }

  const shareOf = sharesOf(() => Array.from(vocabulary.ids.keys(), (piece) => (locate.bytes ? decoded(piece) : piece)))
  /** A row with what the model does not see of its text. */
  const noted = (text: string, row: TokenRow): TokenRow => {
    const typed = row.tokens.filter(({ source }) => source === 'text')
    const dropped = droppedIn(text, row.cutAt ?? text.length, typed, encoded)
    const wordsKnown = wordsKnownIn(text, typed, locate.unknown, shareOf)
    return { ...row, ...(dropped.length === 0 ? {} : { dropped }), ...(wordsKnown.unknown === 0 ? {} : { wordsKnown }) }
  }

  return {
    maxTokens,
    mask: ownToken('mask_token', tokenizerConfig, vocabulary.ids),
    pad: ownToken('pad_token', tokenizerConfig, vocabulary.ids),
    separator: ownToken('sep_token', tokenizerConfig, vocabulary.ids),
    end: ownToken('eos_token', tokenizerConfig, vocabulary.ids),
    decode: rust.decode,
    encode(text) {
      const read = readable(text)
      const pieces = encoded(read)
      const places = locate(read, pieces)
      const kept = pieces.slice(0, room).map((piece, index) => ({ ...textToken(text, piece, places[index]), ...ofType(template.type) }))
      const cutAt = places[room]?.start ?? (read.length < text.length ? read.length : null)
      const unread = read.length < text.length ? 1 : 0
      return noted(text, {
        tokens: [...templateTokens(template.before, 0), ...kept, ...templateTokens(template.after, cutAt ?? text.length)],
        cutAt,
        wantedLength: pieces.length + unread + template.before.length + template.after.length,
      })
    },
    encodeChat(text) {
      chat ??= chatTemplateOf(tokenizerConfig, chatTemplate)
      if (chat === null) throw new EngineError('no-chat-template', 'The model has no chat template.')
      const read = readable(text)
      const chatText = chatTextOf(chat, read)
      const { whole } = chatText
      const pieces = encoded(whole)
      const places = locate(whole, pieces)
      const framed = pieces.flatMap((piece, index) => {
        const place = places[index]
        return place === undefined ? [] : [{ ...piece, ...place }]
      })
      return noted(text, chatRow(framed, { ...chatText, text, read: read.length }, maxTokens, labelOf))
    },
    pieceOf: rust.pieceOf,
    labelOf,
    size: vocabulary.size,
    hasChat,
    encodeWord(word, place = 'after-space') {
      const read = readable(word.trim())
      return read === '' ? [] : inPlace(read, place, encoded, locate.bytes)
    },
  }
}

function ofType(type: number): Pick<Token, 'type'> {
  return type === 0 ? {} : { type }
}

/** What may stand before a word: the first one that keeps its own tokens is taken away again. */
const BEFORE: Readonly<Record<Exclude<WordPlace, 'start'>, readonly string[]>> = {
  'after-space': ['a ', '. ', '1 ', 'the '],
  attached: ['(', '"', ',', '/'],
}

function inPlace(word: string, place: WordPlace, encode: (text: string) => readonly Piece[], bytes: boolean): readonly Piece[] {
  if (place === 'start') return encode(word)
  for (const before of BEFORE[place]) {
    const [context, whole] = [encode(before.trimEnd()), encode(before + word)]
    const keeps = context.length > 0 && whole.length > context.length && context.every(({ id }, at) => whole[at]?.id === id)
    if (keeps) return whole.slice(context.length)
  }
  return encode(bytes && place === 'after-space' ? ` ${word}` : word)
}

/** @throws EngineError `bad-config` where an id has no spelling, which no vocabulary should give */
function pieceOf(rust: RustTokenizer, id: number): string {
  const piece = rust.pieceOf(id)
  if (piece === null)
    throw new EngineError('bad-config', `The tokenizer gives the id ${id}, which its vocabulary lacks.`, { file: 'tokenizer.json' })
  return piece
}

function ownToken(name: keyof typeof configSchema.entries, tokenizerConfig: object, ids: ReadonlyMap<string, number>): Piece | null {
  const parsed = v.safeParse(configSchema, tokenizerConfig)
  const token = parsed.success ? parsed.output[name] : null
  const piece = typeof token === 'string' ? token : token?.content
  const id = piece === undefined ? undefined : ids.get(piece)
  return piece === undefined || id === undefined ? null : { id, piece }
}

/** What bytes spell; null where they are none. */
function decoded(piece: string): string | null {
  const bytes = bytesOfByteLevel(piece)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

interface FramedPiece extends LocatedPiece, Piece {}

interface FramedText extends ChatText {
  /** The message as it was typed. */
  readonly text: string
  /** Characters of it that were read. */
  readonly read: number
}

/** The row of a message in its frame: what is cut is cut from the message, and the frame's tokens are the model's own. */
function chatRow(
  pieces: readonly FramedPiece[],
  { text, read, start, end, message: made }: FramedText,
  maxTokens: number,
  labelOf: ModelTokenizer['labelOf'],
): TokenRow {
  /** From the whole to what was typed. */
  const typedSpan = (place: Span): Span =>
    sourceOf(made, { start: Math.max(place.start, start) - start, end: Math.min(place.end, end) - start })
  const opening = pieces.filter((piece) => piece.end <= start)
  const message = pieces.filter((piece) => piece.end > start && piece.start < end)
  const closing = pieces.filter((piece) => piece.end > start && piece.start >= end)
  const room = Math.max(0, maxTokens - opening.length - closing.length)
  const left = message[room]
  const cutAt = left === undefined ? (read < text.length ? read : null) : typedSpan(left).start
  const firstWord = message[0]?.word ?? 0
  const own =
    (at: number) =>
    (piece: FramedPiece): Token => {
      const { id } = piece
      return { id, piece: piece.piece, label: labelOf(id) ?? piece.piece, start: at, end: at, word: -1, source: 'template' }
    }
  const typed = ({ piece, id, word, ...place }: FramedPiece): Token => {
    return textToken(text, { id, piece }, { ...typedSpan(place), word: word - firstWord })
  }
  return {
    tokens: [...opening.map(own(0)), ...message.slice(0, room).map(typed), ...closing.map(own(text.length))],
    cutAt,
    wantedLength: pieces.length + (read < text.length ? 1 : 0),
  }
}

function textToken(text: string, { id, piece }: Piece, place: LocatedPiece | undefined): Token {
  const { start, end, word } = place ?? { start: 0, end: 0, word: 0 }
  const typed = text.slice(start, end)
  return { id, piece, label: typed.trim() === '' ? pieceLabel(piece) : typed, start, end, word, source: 'text' }
}

/** The last white space before `limit`, or `limit` itself where a word is too long, never inside a surrogate pair. */
function cutBefore(text: string, limit: number): number {
  if (text.length <= limit) return text.length
  for (let at = limit; at > limit - CUT_REACH && at > 0; at--) if (/\s/.test(text.charAt(at))) return at
  const point = text.codePointAt(limit - 1) ?? 0
  return point > 0xffff ? limit - 1 : limit
}
