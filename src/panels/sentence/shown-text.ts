// A row of tokens as a text that can be read and typed in: where each token stands in it, edits of tokens included.

import type { Token } from '#text/token'

interface Span {
  readonly start: number
  readonly end: number
}

export interface ShownText {
  readonly text: string
  /** [tokens]: half-open UTF-16 range of each in `text`; empty where nothing of the text is the token's own, null where it is not in it. */
  readonly spans: readonly (Span | null)[]
}

/** @param text as it was typed @param tokens of it, after the reader's edits @param isEdited whether there are any */
export function shownText(text: string, tokens: readonly Token[], isEdited: boolean): ShownText {
  if (!isEdited) return { text, spans: tokens.map((token) => trimmed(text, token)) }
  let shown = ''
  let before: Token | null = null
  const spans: Span[] = []
  for (const token of tokens) {
    if (token.source === 'template') {
      spans.push({ start: shown.length, end: shown.length })
      continue
    }
    shown += gap(text, before, token)
    // A piece that shares its characters with the one before adds none.
    const isShared = before !== null && token.source === 'text' && token.start < before.end && before.source === 'text'
    const own = isShared ? '' : token.source === 'text' ? text.slice(token.start, token.end).trimStart() : token.label.trim()
    spans.push({ start: shown.length, end: shown.length + own.length })
    shown += own
    before = token
  }
  return { text: shown, spans }
}

/** What stands between two tokens: the typed white space, or a blank between words. */
function gap(text: string, before: Token | null, token: Token): string {
  if (before === null) return ''
  const between = text.slice(before.end, token.start)
  const own = token.source === 'text' ? (/^\s+/.exec(text.slice(token.start, token.end))?.[0] ?? '') : (/^\s+/.exec(token.label)?.[0] ?? '')
  if (between !== '' && between.trim() === '') return between + own
  if (own !== '') return own
  if (between !== '') return /\s/.test(between) ? ' ' : ''
  // Neighbours that changed places, or a word that was put in twice.
  return token.start < before.start || token.start === token.end ? ' ' : ''
}

function trimmed(text: string, { start, end }: Token): Span {
  const blank = /^\s+/.exec(text.slice(start, end))?.[0].length ?? 0
  // A token of white space alone keeps it.
  return blank === end - start ? { start, end } : { start: start + blank, end }
}

/** The same tokens in a text that is typed anew, as far as it is the same at its beginning and its end: no others are known yet. */
export function inNewText({ text, spans }: ShownText, typed: string): ShownText {
  const most = Math.min(text.length, typed.length)
  let start = 0
  while (start < most && text[start] === typed[start]) start++
  let end = 0
  while (end < most - start && text.at(-1 - end) === typed.at(-1 - end)) end++
  const shift = typed.length - text.length
  return {
    text: typed,
    spans: spans.map((span) => {
      if (span === null || span.end <= start) return span
      return span.start >= text.length - end ? { start: span.start + shift, end: span.end + shift } : null
    }),
  }
}

/** A stretch of the text: one token's, what several share, or what is nobody's. */
export interface Segment {
  readonly text: string
  /** Indexes of the row; the first one is the stretch's own. */
  readonly tokens: readonly number[]
}

/** The whole text in its order; tokens without characters of their own stand where they would. */
export function segmentsOf({ text, spans }: ShownText, isShown: (token: number) => boolean): readonly Segment[] {
  const segments: Segment[] = []
  let end = 0
  spans.forEach((span, token) => {
    if (span === null || !isShown(token)) return
    const { start, end: to } = span
    const last = segments.at(-1)
    if (start < end && last !== undefined && last.tokens.length > 0) {
      segments.splice(-1, 1, { text: last.text + text.slice(end, Math.max(end, to)), tokens: [...last.tokens, token] })
      end = Math.max(end, to)
      return
    }
    if (start > end) segments.push({ text: text.slice(end, start), tokens: [] })
    segments.push({ text: text.slice(Math.max(end, start), to), tokens: [token] })
    end = Math.max(end, to)
  })
  return end < text.length ? [...segments, { text: text.slice(end), tokens: [] }] : segments
}
