import { describe, expect, it } from 'vitest'
import { alignTokens } from '#text/align'
import type { Token } from '#text/token'
import { type DiffSide, diffParts } from './diff-parts.ts'
import { shownText } from './shown-text.ts'

/** Words, marks and Han characters as tokens; `|` cuts a word in two. */
function sideOf(marked: string): DiffSide {
  const text = marked.replaceAll('|', '')
  const special = (label: string, id: number): Token => ({ id, piece: label, label, start: 0, end: 0, word: -1, source: 'template' })
  const tokens: Token[] = []
  let at = 0
  let word = 0
  for (const { 0: piece, index } of marked.matchAll(/\s+|\||\p{Script=Han}|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}]/gu)) {
    if (piece === '|') continue
    if (piece.trim() !== '') {
      if (marked[index - 1] !== '|') word++
      const id = Array.from(piece).reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7)
      tokens.push({ id, piece, label: piece, start: at, end: at + piece.length, word, source: 'text' })
    }
    at += piece.length
  }
  const row = [special('[CLS]', 1), ...tokens, special('[SEP]', 2)]
  return { tokens: row, shown: shownText(text, row, false) }
}

function line(a: string, b: string): string {
  const [one, other] = [sideOf(a), sideOf(b)]
  const marks = { both: ['', ''], a: ['{a:', '}'], b: ['{b:', '}'] } as const
  return diffParts(alignTokens(one.tokens, other.tokens), one, other)
    .map(({ side, segments }) => [marks[side][0], ...segments.map(({ text }) => text), marks[side][1]].join(''))
    .join('')
}

describe('two texts on one line', () => {
  it('has what both have once, and the rest in its place', () => {
    expect(line('The film is not bad at all.', 'The film is bad at all.')).toBe('The film is {a:not} bad at all.')
    expect(line('The film is bad.', 'The film is very bad at all.')).toBe('The film is {b:very} bad {b:at all}.')
    expect(line('A good film', 'A bad film')).toBe('A {a:good} {b:bad} film')
    expect(line('same', 'same')).toBe('same')
  })

  it('keeps the blanks at both ends of a difference', () => {
    expect(line('it works', 'now it works')).toBe('{b:now} it works')
    expect(line('now it works', 'it works')).toBe('{a:now} it works')
    expect(line('it works ', 'it works now')).toBe('it works {b:now} ')
  })

  it('has all of both where nothing is the same', () => {
    expect(line('', 'new')).toBe('{b:new}')
    expect(line('old', '')).toBe('{a:old}')
  })

  it('changes whole words, not pieces of them', () => {
    expect(line('un|believ|able', 'un|believ|er')).toBe('{a:unbelievable}{b:unbeliever}')
  })

  it('marks single characters where these are words', () => {
    expect(line('这部电影不坏', '这部电影很坏')).toBe('这部电影{a:不}{b:很}坏')
  })

  it('is in the order of reading in every script', () => {
    expect(line('الفيلم ليس سيئا', 'الفيلم سيئا')).toBe('الفيلم {a:ليس} سيئا')
  })
})
