// The byte-level alphabet of GPT-2 (Radford et al. 2019, `bytes_to_unicode`): one printable character for each byte.

import { elementAt } from '#tensor/vector'
import type { SourcedText } from './sourced-text.ts'

const CHARACTER_OF_BYTE: readonly string[] = byteAlphabet()
const BYTE_OF_CHARACTER = new Map(CHARACTER_OF_BYTE.map((character, byte) => [character, byte]))
const REPLACEMENT = 0xfffd

/** The UTF-8 bytes of a text in that alphabet; each comes from the whole code point. Lone surrogates are bytes of U+FFFD. */
export function toByteLevel(text: string): SourcedText {
  const made: string[] = []
  const start: number[] = []
  const end: number[] = []
  let at = 0
  for (const point of text) {
    for (const byte of utf8Bytes(point.codePointAt(0) ?? REPLACEMENT)) {
      made.push(elementAt(CHARACTER_OF_BYTE, byte))
      start.push(at)
      end.push(at + point.length)
    }
    at += point.length
  }
  return { text: made.join(''), start: Int32Array.from(start), end: Int32Array.from(end) }
}

/** The bytes that a text in that alphabet spells; null where a character is not of it. */
export function bytesOfByteLevel(text: string): Uint8Array | null {
  const bytes: number[] = []
  for (const character of text) {
    const byte = BYTE_OF_CHARACTER.get(character)
    if (byte === undefined) return null
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** The UTF-8 bytes of a code point. */
export function utf8Bytes(codePoint: number): readonly number[] {
  const point = codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT : codePoint
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f)
  if (point < 0x80) return [point]
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)]
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)]
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)]
}

function byteAlphabet(): readonly string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    return String.fromCharCode(printable ? byte : next++)
  })
}
