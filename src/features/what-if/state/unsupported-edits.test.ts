import { expect, it } from 'vitest'
import type { RefusedTrial } from '../api.ts'
import { isUnsupportedEdit, unsupportedEdits } from './unsupported-edits.ts'

it('counts what tokens cannot take, and leaves apart what the reader asked for by name', () => {
  const of = (reason: string): RefusedTrial => ({ family: 'typo', token: 1, word: null, reason })
  const refused = ['no-typo', 'too-long', 'part-of-word', 'no-typo', 'question-gone'].map(of)
  expect(unsupportedEdits(refused)).toEqual([
    { reason: 'part-of-word', count: 1 },
    { reason: 'no-typo', count: 2 },
  ])
  expect(refused.filter(isUnsupportedEdit)).toHaveLength(3)
})
