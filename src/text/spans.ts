// Where the pieces of a vocabulary stand in the text that was cut into them.

import { elementAt } from '#tensor/vector'
import { utf8Bytes } from './byte-level.ts'
import type { Span } from './sourced-text.ts'

/** How a vocabulary spells its pieces. */
export interface PieceSpelling {
  /** Before a piece that continues a word (`##`), '' where there is none. */
  readonly continuation: string
  /** After the last piece of a word (`</w>`), '' where there is none. */
  readonly wordEnd: string
  /** The piece that stands for what the vocabulary lacks, null where unknown characters are dropped. */
  readonly unknown: string | null
}

const BYTE_PIECE = /^<0x[0-9A-F]{2}>$/u

/**
 * The range of each piece in `text`, which the model cut into `pieces`; ranges are in order and cover the text, except for what
 * the model dropped. Pieces that are bytes of one code point share its range. A run of unknown pieces takes what lies
 * up to the next known piece: a code point each, the rest to the last.
 */
export function locatePieces(text: string, pieces: readonly string[], spelling: PieceSpelling): readonly Span[] {
  const spans: Span[] = []
  let at = 0
  for (let index = 0; index < pieces.length; index++) {
    const piece = elementAt(pieces, index)
    const literal = literalLength(text, at, piece, spelling)
    if (literal > 0) {
      spans.push({ start: at, end: at + literal })
      at += literal
    } else if (BYTE_PIECE.test(piece)) {
      const run = runLength(pieces, index, (other) => BYTE_PIECE.test(other))
      at = locateBytes(text, at, run, spans)
      index += run - 1
    } else if (piece === spelling.unknown) {
      const run = runLength(pieces, index, (other) => other === spelling.unknown)
      const end = nextKnown(text, at, pieces[index + run], spelling)
      at = locateUnknown(text, at, end, run, spans)
      index += run - 1
    } else {
      const found = nextKnown(text, at, piece, spelling)
      const length = literalLength(text, found, piece, spelling)
      spans.push({ start: found, end: found + length })
      at = found + length
    }
  }
  return spans
}

/** Units of `text` at `at` that the piece spells, 0 when it does not stand there. */
function literalLength(text: string, at: number, piece: string, { continuation, wordEnd }: PieceSpelling): number {
  for (const stem of continuation !== '' && at > 0 && piece.startsWith(continuation)
    ? [piece.slice(continuation.length), piece]
    : [piece]) {
    if (stem !== '' && text.startsWith(stem, at)) return stem.length
    const short = wordEnd !== '' && stem.endsWith(wordEnd) ? stem.slice(0, -wordEnd.length) : ''
    if (short !== '' && text.startsWith(short, at)) return short.length
  }
  return 0
}

function runLength(pieces: readonly string[], from: number, belongs: (piece: string) => boolean): number {
  let end = from
  while (end < pieces.length && belongs(elementAt(pieces, end))) end++
  return end - from
}

/** First place from `at` on where a piece stands; the end of the text when there is none. */
function nextKnown(text: string, at: number, piece: string | undefined, spelling: PieceSpelling): number {
  if (piece === undefined) return text.length
  for (let place = at; place < text.length; place++) if (literalLength(text, place, piece, spelling) > 0) return place
  return text.length
}

/** Spreads byte pieces over the code points that their lead bytes name. */
function locateBytes(text: string, from: number, run: number, spans: Span[]): number {
  let at = from
  let left = run
  while (left > 0) {
    const point = text.codePointAt(at)
    if (point === undefined) {
      for (; left > 0; left--) spans.push({ start: at, end: at })
      break
    }
    const end = at + (point > 0xffff ? 2 : 1)
    for (let byte = utf8Bytes(point).length; byte > 0 && left > 0; byte--, left--) spans.push({ start: at, end })
    at = end
  }
  return at
}

function locateUnknown(text: string, from: number, end: number, run: number, spans: Span[]): number {
  let at = from
  for (let left = run; left > 0; left--) {
    const point = text.codePointAt(at) ?? 0
    const next = left === 1 ? end : Math.min(end, at + (point > 0xffff ? 2 : 1))
    spans.push({ start: at, end: next })
    at = next
  }
  return at
}
