// A typed text without some of its tokens, as a reader would type it.

import type { Token } from '#text/token'

/** The characters of the tokens go, and with them the blank that would stand there twice, or at an end. */
export function textWithout(text: string, tokens: readonly Pick<Token, 'start' | 'end'>[]): string {
  const kept: string[] = []
  let end = 0
  for (const range of joined(text, tokens)) {
    const [start, after] = withBlank(text, range.start, range.end)
    kept.push(text.slice(end, Math.max(end, start)))
    end = Math.max(end, after)
  }
  return [...kept, text.slice(end)].join('')
}

/** Neighbours with nothing but blanks between them go as one. */
function joined(text: string, tokens: readonly Pick<Token, 'start' | 'end'>[]): readonly Pick<Token, 'start' | 'end'>[] {
  const ranges: { start: number; end: number }[] = []
  for (const { start, end } of tokens.toSorted((one, other) => one.start - other.start)) {
    const before = ranges.at(-1)
    if (before !== undefined && text.slice(before.end, start).trim() === '') before.end = Math.max(before.end, end)
    else ranges.push({ start, end })
  }
  return ranges
}

function withBlank(text: string, start: number, end: number): readonly [number, number] {
  const opens = start === 0 || /\s/.test(text[start - 1] ?? '')
  if (opens && /\s/.test(text[end] ?? '')) return [start, end + 1]
  return end === text.length && start > 0 && opens ? [start - 1, end] : [start, end]
}
