import { describe, expect, it } from 'vitest'
import { attentionShift, isShown, isUnsupportedEdit, orderRows, type RefusedTrial, unsupportedEdits, type WhatIfRow } from './api.ts'

const row = (token: number, output: number, attention: readonly number[], similarity: number | null): WhatIfRow => ({
  family: 'delete',
  token,
  tokens: [token],
  next: null,
  edits: [{ kind: 'delete', at: token }],
  word: null,
  output,
  before: 1,
  probabilities: { before: null, after: null },
  answer: null,
  answerProbability: null,
  flips: false,
  attention: Float32Array.from(attention),
  heads: [],
  similarity,
  left: 0,
})

describe('the rows of the table', () => {
  const rows = [row(3, 1.1, [0.5, 0.25], 0.9), row(1, -2, [0.1, 0.1], null), row(2, 2, [0, 0], 0.5)]
  const tokens = (by: Parameters<typeof orderRows>[1]) => orderRows(rows, by).map(({ token }) => token)

  it('stand in the order of the text, or strongest first', () => {
    expect(tokens('text')).toEqual([1, 2, 3])
    expect(tokens('change')).toEqual([1, 2, 3])
    expect(tokens('attention')).toEqual([3, 1, 2])
  })

  it('stand least alike first, and unknown last', () => {
    expect(tokens('similarity')).toEqual([2, 3, 1])
  })

  it('stand the other way round, and unknown last all the same', () => {
    const reversed = (by: Parameters<typeof orderRows>[1]) => orderRows(rows, by, 'reversed').map(({ token }) => token)
    expect(reversed('text')).toEqual([3, 2, 1])
    expect(reversed('change')).toEqual([3, 2, 1])
    expect(reversed('similarity')).toEqual([3, 2, 1])
  })

  it('stand with those that flip the answer above all others, or below them where the order is turned round', () => {
    const [weak, strong, flip] = [row(1, 1.1, [], null), row(2, 9, [], null), { ...row(3, 1.2, [], null), flips: true }]
    const order = (direction: 'usual' | 'reversed') => orderRows([weak, strong, flip], 'change', direction).map(({ token }) => token)
    expect(order('usual')).toEqual([3, 2, 1])
    expect(order('reversed')).toEqual([1, 2, 3])
    expect(orderRows([weak, strong, flip], 'text').map(({ token }) => token)).toEqual([1, 2, 3])
  })

  it('are shown all, where they flip the answer, or where they are of one kind', () => {
    const some = [row(1, 0, [], null), { ...row(2, 0, [], null), flips: true }, { ...row(3, 0, [], null), family: 'mask' as const }]
    const shown = (filter: Parameters<typeof isShown>[1]) => some.filter((one) => isShown(one, filter)).map(({ token }) => token)
    expect([shown('all'), shown('flips'), shown('mask'), shown('typo')]).toEqual([[1, 2, 3], [2], [3], []])
  })

  it('know the mean share of attention that moved', () => {
    expect(attentionShift(row(0, 0, [0.5, 0.25], null))).toBe(0.375)
    expect(attentionShift(row(0, 0, [], null))).toBe(0)
  })
})

it('counts what tokens cannot take, and leaves apart what the reader asked for by name', () => {
  const of = (reason: string): RefusedTrial => ({ family: 'typo', token: 1, word: null, reason })
  const refused = ['no-typo', 'too-long', 'part-of-word', 'no-typo', 'question-gone'].map(of)
  expect(unsupportedEdits(refused)).toEqual([
    { reason: 'part-of-word', count: 1 },
    { reason: 'no-typo', count: 2 },
  ])
  expect(refused.filter(isUnsupportedEdit)).toHaveLength(3)
})
