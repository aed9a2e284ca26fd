// A text that knows where it came from: each of its UTF-16 units stems from a range of a text below it.

import { int32At } from '#tensor/vector'

/** `text[i]` was made from [start[i], end[i]) of the text below; an empty range when nothing there made it. Ranges never go back. */
export interface SourcedText {
  readonly text: string
  readonly start: Int32Array
  readonly end: Int32Array
}

/** Half-open range of UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A text made of itself, `offset` units into the text below. */
export function unchanged(text: string, offset = 0): SourcedText {
  return {
    text,
    start: Int32Array.from({ length: text.length }, (_, i) => offset + i),
    end: Int32Array.from({ length: text.length }, (_, i) => offset + i + 1),
  }
}

/** What [start, end) of `sourced` came from; empty, at the nearest place, when nothing below made it. */
export function sourceOf(sourced: SourcedText, { start, end }: Span): Span {
  let from = -1
  let to = -1
  for (let i = start; i < end; i++) {
    const low = int32At(sourced.start, i)
    const high = int32At(sourced.end, i)
    if (low >= high) continue
    if (from < 0) from = low
    to = Math.max(to, high)
  }
  if (from >= 0) return { start: from, end: to }
  const { length } = sourced.text
  const at = length === 0 ? 0 : start < length ? int32At(sourced.start, start) : int32At(sourced.end, length - 1)
  return { start: at, end: at }
}

/** Part [start, end) of a sourced text. */
export function sliceSourced(sourced: SourcedText, start: number, end: number): SourcedText {
  return { text: sourced.text.slice(start, end), start: sourced.start.slice(start, end), end: sourced.end.slice(start, end) }
}
