// A model's tokenizer: ids from @huggingface/tokenizers, and the exact place of each token in the typed text, which it does not give.

import { Tokenizer } from '@huggingface/tokenizers'
import * as v from 'valibot'
import { type Piece, pieceLabel } from '#text/piece'
import type { Token, TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import { type ChatFrame, chatFrameOf, hasChatTemplate } from './chat-template.ts'
import { createLocator, type LocatedPiece, type Locator } from './token-locator.ts'

export interface ModelTokenizer {
  /**
   * Tokens of a typed text; ids are those of the library, cut at `maxTokens` before the template's ending. Of a text far longer
   * than the model takes only the start is read: `wantedLength` is then a lower bound, and `cutAt` where reading ended at the latest.
   */
  encode(text: string): TokenRow
  /** The same with the text as a message in the chat template, whose tokens are the model's own. @throws EngineError `no-chat-template` */
  encodeChat(text: string): TokenRow
  /** The pieces of a word as it would stand inside a sentence. */
  encodeWord(word: string): readonly Piece[]
  /** The vocabulary's spelling of an index; null beyond it. */
  pieceOf(id: number): string | null
  /** What a reader sees for an index, a word's space before it included; null beyond the vocabulary. */
  labelOf(id: number): string | null
  /** One more than the largest index. */
  readonly size: number
  readonly hasChat: boolean
  readonly mask: Piece | null
  /** What fills up a row that is too short; null where the tokenizer has none. */
  readonly pad: Piece | null
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
const configSchema = v.object({ mask_token: tokenSchema, pad_token: tokenSchema })

/** What a tokenizer may be given beside its files. */
export interface TokenizerExtras {
  /** Content of chat_template.jinja. */
  readonly chatTemplate?: string | null
}

/**
 * @param maxTokens length of the longest row, template included
 * @throws EngineError `bad-config` when the library cannot read the files
 */
export function createTokenizer(
  tokenizerJson: object,
  tokenizerConfig: object,
  maxTokens: number,
  { chatTemplate = null }: TokenizerExtras = {},
): ModelTokenizer {
  const { library, locate } = readTokenizer(tokenizerJson, tokenizerConfig)
  const idOf = (piece: string): number => library.token_to_id(piece) ?? library.model?.unk_token_id ?? 0
  const template = templateOf(library)
  const room = Math.max(0, maxTokens - template.before.length - template.after.length)
  const limit = Math.min(maxTokens * CHARACTERS_PER_TOKEN, MAX_CHARACTERS)
  const readable = (text: string): string => text.slice(0, cutBefore(text, limit))

  const hasChat = chatTemplate !== null || hasChatTemplate(tokenizerConfig)
  let chatFrame: ChatFrame | null = null
  const templateTokens = (pieces: readonly string[], at: number): Token[] =>
    pieces.map((piece) => ({ id: idOf(piece), piece, label: piece, start: at, end: at, word: -1, source: 'template' }))

  const special = new Set(library.get_added_tokens_decoder().keys())
  const labelOf = (id: number): string | null => {
    const piece = library.id_to_token(id)
    if (piece === undefined) return null
    // Part of a character has no text of its own.
    const text =
      locate.bytes && !special.has(id) ? library.decode([id], { skip_special_tokens: false, clean_up_tokenization_spaces: false }) : piece
    return text === '' || text.includes('\ufffd') ? piece : text.replace(/^▁+/u, (spaces) => ' '.repeat(spaces.length))
  }
  let size = 0
  for (const id of library.get_vocab(true).values()) size = Math.max(size, id + 1)

  return {
    maxTokens,
    mask: ownToken('mask_token', tokenizerConfig, library),
    pad: ownToken('pad_token', tokenizerConfig, library),
    encode(text) {
      const read = readable(text)
      const { ids, tokens } = library.encode(read, { add_special_tokens: false })
      const places = locate(read, tokens)
      const kept = tokens.slice(0, room).map((piece, index) => textToken(text, piece, ids[index] ?? 0, places[index]))
      const cutAt = places[room]?.start ?? (read.length < text.length ? read.length : null)
      const unread = read.length < text.length ? 1 : 0
      return {
        tokens: [...templateTokens(template.before, 0), ...kept, ...templateTokens(template.after, cutAt ?? text.length)],
        cutAt,
        wantedLength: tokens.length + unread + template.before.length + template.after.length,
      }
    },
    encodeChat(text) {
      chatFrame ??= chatFrameOf(tokenizerConfig, chatTemplate)
      if (chatFrame === null) throw new EngineError('no-chat-template', 'The model has no chat template.')
      const { before, after } = chatFrame
      const read = readable(text)
      const whole = before + read + after
      const { ids, tokens } = library.encode(whole, { add_special_tokens: false })
      const pieces = locate(whole, tokens).map((place, index) => ({ ...place, piece: tokens[index] ?? '', id: ids[index] ?? 0 }))
      return chatRow(pieces, { text, read: read.length, start: before.length }, maxTokens, labelOf)
    },
    pieceOf: (id) => library.id_to_token(id) ?? null,
    labelOf,
    size,
    hasChat,
    encodeWord(word) {
      const inSentence = `${locate.bytes ? ' ' : ''}${word.trim()}`
      const read = readable(inSentence)
      if (read.trim() === '') return []
      const { ids, tokens } = library.encode(read, { add_special_tokens: false })
      return tokens.map((piece, index) => ({ id: ids[index] ?? 0, piece }))
    },
  }
}

function readTokenizer(tokenizerJson: object, tokenizerConfig: object): { readonly library: Tokenizer; readonly locate: Locator } {
  try {
    const library = new Tokenizer(tokenizerJson, tokenizerConfig)
    return { library, locate: createLocator(library, tokenizerJson, tokenizerConfig) }
  } catch (error) {
    throw new EngineError('bad-config', `The tokenizer cannot be read: ${String(error)}`, { file: 'tokenizer.json' })
  }
}

function ownToken(name: 'mask_token' | 'pad_token', tokenizerConfig: object, library: Tokenizer): Piece | null {
  const parsed = v.safeParse(configSchema, tokenizerConfig)
  const token = parsed.success ? parsed.output[name] : null
  const piece = typeof token === 'string' ? token : token?.content
  const id = piece === undefined ? undefined : library.token_to_id(piece)
  return piece === undefined || id === undefined ? null : { id, piece }
}

/** The tokens that the model's template puts before and after a text. */
function templateOf(library: Tokenizer): { readonly before: readonly string[]; readonly after: readonly string[] } {
  // No vocabulary can hold a noncharacter as a whole entry, so the probe is found again for certain.
  const probe = '\uffff'
  const tokens = library.post_processor?.post_process([probe], null, true).tokens ?? [probe]
  const at = tokens.indexOf(probe)
  return { before: tokens.slice(0, at), after: tokens.slice(at + 1) }
}

interface FramedPiece extends LocatedPiece, Piece {}

interface FramedText {
  readonly text: string
  /** Characters of it that were read. */
  readonly read: number
  /** Where it stands in the whole. */
  readonly start: number
}

/** The row of a message in its frame: what is cut is cut from the message, and the frame's tokens are the model's own. */
function chatRow(
  pieces: readonly FramedPiece[],
  { text, read, start }: FramedText,
  maxTokens: number,
  labelOf: ModelTokenizer['labelOf'],
): TokenRow {
  const end = start + read
  const opening = pieces.filter((piece) => piece.end <= start)
  const message = pieces.filter((piece) => piece.end > start && piece.start < end)
  const closing = pieces.filter((piece) => piece.end > start && piece.start >= end)
  const room = Math.max(0, maxTokens - opening.length - closing.length)
  const cutAt = message[room]?.start ?? (read < text.length ? end : null)
  const firstWord = message[0]?.word ?? 0
  const own =
    (at: number) =>
    (piece: FramedPiece): Token => {
      const { id } = piece
      return { id, piece: piece.piece, label: labelOf(id) ?? piece.piece, start: at, end: at, word: -1, source: 'template' }
    }
  const typed = ({ piece, id, word, ...place }: FramedPiece): Token => {
    const span = { start: Math.max(place.start, start) - start, end: Math.min(place.end, end) - start }
    return textToken(text, piece, id, { ...span, word: word - firstWord })
  }
  return {
    tokens: [...opening.map(own(0)), ...message.slice(0, room).map(typed), ...closing.map(own(text.length))],
    cutAt: cutAt === null ? null : cutAt - start,
    wantedLength: pieces.length + (read < text.length ? 1 : 0),
  }
}

function textToken(text: string, piece: string, id: number, place: LocatedPiece | undefined): Token {
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
