import { describe, expect, it } from 'vitest'
import { applyEdits } from '#text/edit'
import type { Token, TokenRow } from '#text/token'
import { inNewText, segmentsOf, shownText } from './shown-text.ts'

const context = {
  maskToken: { id: 103, piece: '[MASK]' },
  encodeWord: (word: string) => word.split(' ').map((piece) => ({ id: 7, piece })),
  maxTokens: 100,
}
/** Words and marks, as BERT splits them. */
function rowOf(text: string): TokenRow {
  const special = (label: string): Token => ({ id: 1, piece: label, label, start: 0, end: 0, word: -1, source: 'template' })
  const words = Array.from(text.matchAll(/\w+|[^\w\s]/g), ({ 0: label, index }, word): Token => {
    return { id: 2, piece: label, label, start: index, end: index + label.length, word, source: 'text' }
  })
  const tokens = [special('[CLS]'), ...words, special('[SEP]')]
  return { tokens, cutAt: null, wantedLength: tokens.length }
}

const TEXT = 'The film is not bad.'
const row: TokenRow = rowOf(TEXT)
const shown = (...edits: Parameters<typeof applyEdits>[1][number][]): string =>
  shownText(TEXT, applyEdits(row, edits, context).tokens, true).text
const at = (word: string): number => row.tokens.findIndex(({ label }) => label === word)

describe('the text of a row', () => {
  it('is what was typed, blanks included', () => {
    const text = '  so   bad\n!'
    expect(shownText(text, rowOf(text).tokens, false).text).toBe(text)
  })

  it('shows a mask, a word and a deletion in their places', () => {
    expect(shown({ kind: 'mask', at: at('not') })).toBe('The film is [MASK] bad.')
    expect(shown({ kind: 'replace', at: at('film'), word: 'play' })).toBe('The play is not bad.')
    expect(shown({ kind: 'delete', at: at('not') })).toBe('The film is bad.')
    expect(shown({ kind: 'delete', at: at('The') })).toBe('film is not bad.')
  })

  it('shows what was put in twice or changed places', () => {
    expect(shown({ kind: 'duplicate', at: at('not') })).toBe('The film is not not bad.')
    expect(shown({ kind: 'swap', at: at('film') })).toBe('The is film not bad.')
  })

  it('gives every token its own stretch', () => {
    const text = shownText(TEXT, row.tokens, false)
    const segments = segmentsOf(text, (token) => row.tokens[token]?.source !== 'template')
    expect(segments.map(({ text }) => text).join('')).toBe(TEXT)
    for (const { text, tokens } of segments) {
      const [token] = tokens
      if (token !== undefined) expect(text).toBe(row.tokens[token]?.label)
      else expect(text.trim()).toBe('')
    }
  })

  it('keeps the tokens before and behind what is typed', () => {
    const typed = inNewText(shownText(TEXT, row.tokens, false), 'The film is very bad.')
    const texts = typed.spans.map((span) => span && typed.text.slice(span.start, span.end))
    expect(texts).toEqual(['', 'The', 'film', 'is', null, 'bad', '.', ''])
  })

  it('joins tokens of the same characters', () => {
    const spans = [
      { start: 0, end: 2 },
      { start: 0, end: 2 },
      { start: 2, end: 3 },
    ]
    expect(segmentsOf({ text: '🙂!', spans }, () => true)).toEqual([
      { text: '🙂', tokens: [0, 1] },
      { text: '!', tokens: [2] },
    ])
  })
})
