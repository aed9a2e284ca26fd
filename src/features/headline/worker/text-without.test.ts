import { expect, it } from 'vitest'
import { textWithout } from './text-without.ts'

const without = (text: string, ...words: readonly string[]): string =>
  textWithout(
    text,
    words.map((word) => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length })),
  )

it('takes one blank with a word', () => {
  expect(without('The film is bad.', 'film')).toBe('The is bad.')
  expect(without('The film is bad', 'bad')).toBe('The film is')
  expect(without('The film is bad', 'The')).toBe('film is bad')
  expect(without('The film is bad.', 'bad')).toBe('The film is .')
  expect(without('一点也不差', '不')).toBe('一点也差')
})

it('takes neighbours as one, and others each by itself', () => {
  expect(without('The film is bad.', 'is', 'film')).toBe('The bad.')
  expect(without('The film is not bad.', 'The', 'not')).toBe('film is bad.')
  expect(without('bad', 'bad')).toBe('')
})
