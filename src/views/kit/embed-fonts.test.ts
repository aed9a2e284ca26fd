import { describe, expect, it } from 'vitest'
import { covers } from './embed-fonts.ts'

describe('a face of a font', () => {
  it.each([
    ['U+0-FF, U+131', 'a', true],
    ['U+0-FF, U+131', 'ı', true],
    ['U+0-FF, U+131', '中', false],
    ['U+4??', 'Ж', true],
    ['', '中', true],
  ])('of range %s is for “%s”: %s', (range, character, expected) => {
    expect(covers(range, new Set([character.codePointAt(0) ?? 0]))).toBe(expected)
  })
})
