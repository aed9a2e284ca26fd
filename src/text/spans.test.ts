import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toByteLevel } from './byte-level.ts'
import { matchStrings, matchWords } from './match-strings.ts'
import { normaliseWithSources } from './normalised-text.ts'
import { pieceLabel } from './piece.ts'
import { type SourcedText, sourceOf } from './sourced-text.ts'
import { locatePieces } from './spans.ts'
import { wordRuns } from './word-runs.ts'

/** What each unit was made from: 'é<e\u0301'. */
const origins = (made: SourcedText, from: string) =>
  Array.from({ length: made.text.length }, (_, i) => `${made.text[i]}<${from.slice(made.start[i], made.end[i])}`)

describe('normaliseWithSources', () => {
  const stripAccents = (text: string): string =>
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')

  it('knows the character behind each unit', () => {
    const text = 'Éte\u0301'
    expect(origins(normaliseWithSources(text, 0, stripAccents), text)).toEqual(['e<É', 't<t', 'e<e\u0301'])
    const composed = normaliseWithSources(text, 0, (part) => part.normalize('NFC'))
    expect(origins(composed, text)).toEqual(['É<É', 't<t', 'é<e\u0301'])
  })

  it('adds the offset', () => {
    expect([...normaliseWithSources('ab', 10, (text) => text).start]).toEqual([10, 11])
  })

  it('follows rules that look around: final sigma, a prefix, collapsed and trimmed spaces', () => {
    expect(
      origins(
        normaliseWithSources('ΟΣ Α', 0, (text) => text.toLowerCase()),
        'ΟΣ Α',
      ),
    ).toEqual(['ο<Ο', 'ς<Σ', ' < ', 'α<Α'])
    expect(
      origins(
        normaliseWithSources('a b', 0, (text) => `▁${text.replaceAll(' ', '▁')}`),
        'a b',
      ),
    ).toEqual(['▁<', 'a<a', '▁< ', 'b<b'])
    expect(
      origins(
        normaliseWithSources(' a  b ', 0, (text) => text.trim().replace(/ +/g, ' ')),
        ' a  b ',
      ),
    ).toEqual(['a<a', ' <', 'b<b'])
  })

  it('follows one character that becomes several', () => {
    expect(
      origins(
        normaliseWithSources('a½', 0, (text) => text.normalize('NFKC')),
        'a½',
      ),
    ).toEqual(['a<a', '1<½', '⁄<½', '2<½'])
  })

  it('does not cut a grapheme at the edge of a window', () => {
    const text = `x${'e\u0301'.repeat(400)}`
    const made = normaliseWithSources(text, 0, (part) => part.normalize('NFC'))
    expect(new Set(origins(made, text))).toEqual(new Set(['x<x', 'é<e\u0301']))
  })

  it('gives what the normaliser gives, with ranges that go forward', () => {
    for (const normalise of [stripAccents, (text: string) => text.normalize('NFKC'), (text: string) => `▁${text.trim()}`]) {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
          const made = normaliseWithSources(text, 0, normalise)
          expect(made.text).toBe(normalise(text))
          for (let i = 0; i < made.text.length; i++) {
            expect(made.end[i]).toBeGreaterThanOrEqual(made.start[i] ?? 0)
            expect(made.end[i]).toBeLessThanOrEqual(text.length)
            if (i > 0) expect(made.start[i]).toBeGreaterThanOrEqual(made.start[i - 1] ?? 0)
          }
        }),
      )
    }
  })
})

describe('matchStrings', () => {
  it('pairs equal units, lets white space come and go, and keeps equal lengths unit by unit', () => {
    expect(origins(matchStrings('a b\tc', 'abc'), 'a b\tc')).toEqual(['a<a', 'b<b', 'c<c'])
    expect(origins(matchStrings('a b', '▁a▁b'), 'a b')).toEqual(['▁<', 'a<a', '▁< ', 'b<b'])
    expect(origins(matchStrings('one two', 'oNE two'), 'one two')).toEqual(['o<o', 'N<n', 'E<e', ' < ', 't<t', 'w<w', 'o<o'])
  })

  it('takes a change of another length as a block', () => {
    expect(origins(matchStrings('left--right', 'left—right'), 'left--right')[4]).toBe('—<--')
  })

  it('ends on strings that have nothing in common', () => {
    expect(matchStrings('abc', 'xyz').text).toBe('xyz')
    expect(matchStrings('', 'x').end[0]).toBe(0)
  })
})

describe('matchWords', () => {
  it('finds words between white space, their own characters first', () => {
    expect(origins(matchWords(' ▁ a', ['▁', 'a']), ' ▁ a')).toEqual(['▁<▁', 'a<a'])
    expect(origins(matchWords('a b', ['▁a▁b']), 'a b')).toEqual(['▁<', 'a<a', '▁< ', 'b<b'])
  })
})

describe('toByteLevel', () => {
  it('spells bytes and keeps their code point', () => {
    expect(toByteLevel(' é\n').text).toBe('ĠÃ©Ċ')
    expect(origins(toByteLevel('😀'), '😀')).toEqual(['ð<😀', 'Ł<😀', 'ĺ<😀', 'Ģ<😀'])
  })

  it('is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toByteLevel(text).text).toHaveLength(new TextEncoder().encode(text).length)
      }),
    )
    expect(toByteLevel('\ud800').text).toBe(toByteLevel('\ufffd').text)
  })
})

describe('locatePieces', () => {
  const spelling = { continuation: '##', wordEnd: '</w>', unknown: '<unk>' }
  const cut = (text: string, ...pieces: string[]) => locatePieces(text, pieces, spelling).map(({ start, end }) => text.slice(start, end))

  it('walks along pieces, without the marks of the vocabulary', () => {
    expect(cut('playing', 'play', '##ing')).toEqual(['play', 'ing'])
    expect(cut('low', 'lo', 'w</w>')).toEqual(['lo', 'w'])
    expect(cut('##ing', '##', 'ing')).toEqual(['##', 'ing'])
  })

  it('gives unknown pieces what lies up to the next known one', () => {
    expect(cut('a☕b', 'a', '<unk>', '##b')).toEqual(['a', '☕', 'b'])
    expect(cut('😀☕x', '<unk>', '<unk>', 'x')).toEqual(['😀', '☕', 'x'])
    expect(cut('😀☕', '<unk>')).toEqual(['😀☕'])
  })

  it('lets the bytes of a character share it', () => {
    expect(cut('é!', '<0xC3>', '<0xA9>', '!')).toEqual(['é', 'é', '!'])
  })

  it('passes over what the model dropped', () => {
    expect(cut('a?b', 'a', 'b')).toEqual(['a', 'b'])
    expect(locatePieces('ab', ['a', 'z'], spelling)[1]).toEqual({ start: 2, end: 2 })
  })
})

it('numbers words as the basic tokenizer cuts them', () => {
  expect([...wordRuns("don't 我喜 a▁b")]).toEqual([0, 0, 0, 1, 2, -1, 3, 4, -1, 5, -1, 6])
})

it('shows pieces without the marks of the vocabulary', () => {
  expect(['##ing', 'Ġthe', '▁the', 'ing</w>', '##', 'Ġ', 'a'].map(pieceLabel)).toEqual(['ing', 'the', 'the', 'ing', '##', 'Ġ', 'a'])
})

it('finds the place of units that nothing made', () => {
  const made = { text: 'xy', start: Int32Array.of(0, 1), end: Int32Array.of(0, 2) }
  expect(sourceOf(made, { start: 0, end: 1 })).toEqual({ start: 0, end: 0 })
  expect(sourceOf(made, { start: 0, end: 2 })).toEqual({ start: 1, end: 2 })
  expect(sourceOf(made, { start: 2, end: 2 })).toEqual({ start: 2, end: 2 })
})
