import { describe, expect, it } from 'vitest'
import { applyEdits } from '#text/edit'
import type { Token, TokenRow } from '#text/token'
import { deleteUnit, maskUnit, replaceUnit, swapUnits } from './unit-edits.ts'

const row: TokenRow = {
  tokens: ['a', 'un', 'kind', 'word', 's', '.'].map(
    (piece, id): Token => ({ id, piece, label: piece, start: id, end: id + 1, word: id, source: 'text' }),
  ),
  cutAt: null,
  wantedLength: 6,
}
const context = {
  maskToken: { id: 9, piece: '#' },
  encodeWord: (word: string) => [{ id: 8, piece: word }],
  maxTokens: 20,
}
const textAfter = (edits: Parameters<typeof applyEdits>[1]): string =>
  applyEdits(row, edits, context)
    .tokens.map(({ piece }) => piece)
    .join(' ')

describe('edits of a unit of several tokens', () => {
  it('change all of its tokens and no other', () => {
    expect(textAfter(maskUnit([1, 2]))).toBe('a # # word s .')
    expect(textAfter(deleteUnit([1, 2]))).toBe('a word s .')
    expect(textAfter(replaceUnit([1, 2], 'fair'))).toBe('a fair word s .')
  })

  it('swap it with the next, whatever the lengths of both', () => {
    expect(textAfter(swapUnits([1, 2], [3, 4]))).toBe('a word s un kind .')
    expect(textAfter(swapUnits([0], [1, 2]))).toBe('un kind a word s .')
    expect(textAfter(swapUnits([3, 4], [5]))).toBe('a un kind . word s')
  })
})
