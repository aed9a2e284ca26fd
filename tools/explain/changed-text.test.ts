import { describe, expect, it } from 'vitest'
import type { TokenRow } from '#text/token'
import { changedText } from './changed-text.ts'

/** @param withSpaces words that begin with the space before them */
function rowOf(text: string, withSpaces = false): TokenRow {
  const words = Array.from(text.matchAll(withSpaces ? /\s?\w+|[^\w\s]/g : /\w+|[^\w\s]/g))
  const tokens = words.map(({ 0: label, index }, word) => {
    return { id: word, piece: label, label, start: index, end: index + label.length, word, source: 'text' as const }
  })
  return { tokens, cutAt: null, wantedLength: tokens.length }
}

describe('a changed text', () => {
  const text = 'The film is not bad.'

  it('is what would be typed, and has its changes marked, in whatever order they come', () => {
    for (const row of [rowOf(text), rowOf(text, true)]) {
      const changes = [
        { token: 4, word: 'good' },
        { token: 3, word: null },
      ]
      expect(changedText(text, row, changes)).toEqual({ text: 'The film is good.', marked: 'The film is [-not-] [-bad-]{+good+}.' })
    }
  })

  it('keeps no space where a word went', () => {
    const without = (token: number): string => changedText(text, rowOf(text), [{ token, word: null }]).text
    expect([0, 3, 4, 5].map(without)).toEqual(['film is not bad.', 'The film is bad.', 'The film is not.', 'The film is not bad'])
  })

  it('keeps the space before what is left of a word', () => {
    const row: TokenRow = { ...rowOf('so unkind'), tokens: [] }
    const piece = { id: 0, piece: 'un', label: 'un', start: 3, end: 5, word: 1, source: 'text' as const }
    expect(changedText('so unkind', { ...row, tokens: [piece] }, [{ token: 0, word: null }]).text).toBe('so kind')
  })
})
