import { expect, it } from 'vitest'
import { brokenLines } from './caption.ts'

it('breaks lines between words, and between Chinese characters', () => {
  const widthOf = (text: string): number => Array.from(text).length
  expect(brokenLines('not bad at all', 8, widthOf)).toEqual(['not bad', 'at all'])
  expect(brokenLines('这部电影不差', 4, widthOf)).toEqual(['这部电影', '不差'])
  expect(brokenLines('incomprehensible no', 5, widthOf)).toEqual(['incomprehensible', 'no'])
  expect(brokenLines('', 5, widthOf)).toEqual([])
})
