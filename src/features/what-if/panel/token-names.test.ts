import { expect, it } from 'vitest'
import type { Token } from '#text/token'
import { tokenNames } from './token-names.ts'

it('numbers what a text has several times', () => {
  const tokens = ['[CLS]', 'very', ' very', 'good', 'very'].map(
    (label, at): Token => ({ id: at, piece: label, label, start: at, end: at, word: at, source: at === 0 ? 'template' : 'text' }),
  )
  expect(tokenNames(tokens)).toEqual(['[CLS]', 'very₁', 'very₂', 'good', 'very₃'])
})
