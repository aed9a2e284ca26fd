// What a normaliser made of each typed character, found by normalising one character at a time and checking the whole.

import { int32At } from '#tensor/vector'
import { matchStrings } from './match-strings.ts'
import { type SourcedText, type Span, sourceOf } from './sourced-text.ts'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * `normalise(text)` with the place of each of its units in the text, `offset` added. Exact where normalising characters one by one
 * gives the whole; elsewhere (final sigma, prefixes, collapsed spaces) the whole is matched against those parts.
 * A code point that vanishes inside a grapheme (an accent, a joiner) belongs to what stays of the grapheme.
 */
export function normaliseWithSources(text: string, offset: number, normalise: (text: string) => string): SourcedText {
  const prefix = normalise('')
  const alone = (part: string): string => {
    const made = normalise(part)
    return prefix !== '' && made.startsWith(prefix) ? made.slice(prefix.length) : made
  }
  const memory = new Map<string, readonly Part[]>()
  const parts: string[] = []
  const start: number[] = []
  const end: number[] = []
  for (const { segment, index } of graphemesOf(text)) {
    const known = memory.get(segment) ?? partsOf(segment, alone)
    memory.set(segment, known)
    for (const part of known) {
      parts.push(part.made)
      for (let k = 0; k < part.made.length; k++) {
        start.push(offset + index + part.start)
        end.push(offset + index + part.end)
      }
    }
  }
  const joined: SourcedText = { text: parts.join(''), start: Int32Array.from(start), end: Int32Array.from(end) }
  const whole = normalise(text)
  return whole === joined.text ? joined : rematch(whole, joined, offset)
}

/** Intl.Segmenter takes time in the square of the text's length (V8): it is given windows of this many UTF-16 units. */
const WINDOW = 128

/** The graphemes of a text. The last one of a window may go on beyond it and opens the next window. */
function* graphemesOf(text: string): Generator<{ readonly segment: string; readonly index: number }> {
  for (let from = 0, size = WINDOW; from < text.length; ) {
    const segments = [...graphemes.segment(text.slice(from, from + size))]
    const open = from + size < text.length ? segments.pop() : undefined
    for (const { segment, index } of segments) yield { segment, index: from + index }
    // One grapheme filled the window: accents can be stacked without end.
    size = segments.length === 0 ? size * 2 : WINDOW
    from = open === undefined ? text.length : from + open.index
  }
}

/** What one range of a grapheme became. */
interface Part extends Span {
  readonly made: string
}

function partsOf(grapheme: string, alone: (part: string) => string): readonly Part[] {
  const whole = alone(grapheme)
  const parts: Part[] = []
  let at = 0
  for (const point of grapheme) {
    const made = alone(point)
    const last = parts.at(-1)
    if (last !== undefined && (made === '' || last.made === '')) {
      parts[parts.length - 1] = { made: last.made + made, start: last.start, end: at + point.length }
    } else parts.push({ made, start: at, end: at + point.length })
    at += point.length
  }
  const exact = parts.map((part) => part.made).join('') === whole
  return exact ? parts : [{ made: whole, start: 0, end: grapheme.length }]
}

function rematch(whole: string, joined: SourcedText, offset: number): SourcedText {
  const matched = matchStrings(joined.text, whole)
  const start = new Int32Array(whole.length)
  const end = new Int32Array(whole.length)
  for (let i = 0; i < whole.length; i++) {
    const range = { start: int32At(matched.start, i), end: int32At(matched.end, i) }
    const source = joined.text === '' ? { start: offset, end: offset } : sourceOf(joined, range)
    start[i] = source.start
    end[i] = source.end
  }
  return { text: whole, start, end }
}
