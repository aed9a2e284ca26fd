import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignmentCost, alignTokens } from './align.ts'
import type { Token } from './token.ts'

function tokensOf(text: string): readonly Token[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((label, at): Token => {
      const template = /^\[(CLS|SEP)\]$/.test(label)
      const id = [...label].reduce((sum, char) => (sum * 131 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7)
      return { id, piece: label, label, start: at, end: at + 1, word: at, source: template ? 'template' : 'text' }
    })
}

/** The columns as text: 'bad-[MASK]', '_' for a gap. */
function columns(textA: string, textB: string): string {
  const a = tokensOf(textA)
  const b = tokensOf(textB)
  const { a: left, b: right } = alignTokens(a, b)
  return Array.from(left, (i, k) => {
    const x = a[i]?.label ?? '_'
    const y = b[right[k] ?? -1]?.label ?? '_'
    return x === y ? x : `${x}-${y}`
  }).join(' ')
}

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'B', '[CLS]', '[SEP]'), { maxLength: 12 }).map((list) => tokensOf(list.join(' ')))

/** Lowest cost by trying everything: small rows only. */
function bruteCost(a: readonly Token[], b: readonly Token[]): number {
  const [x, ...restA] = a
  const [y, ...restB] = b
  if (x === undefined) return 4 * b.length
  if (y === undefined) return 4 * a.length
  const sameKind = x.source === y.source
  const pair = x.id === y.id && sameKind ? 0 : !sameKind ? 1_000 : x.label.toLowerCase() === y.label.toLowerCase() ? 5 : 6
  return Math.min(pair + bruteCost(restA, restB), 4 + bruteCost(restA, b), 4 + bruteCost(a, restB))
}

describe('alignTokens', () => {
  it('pairs a masked or replaced token with its original', () => {
    expect(columns('[CLS] not bad at all [SEP]', '[CLS] not [MASK] at all [SEP]')).toBe('[CLS] not bad-[MASK] at all [SEP]')
    expect(columns('[CLS] a b c [SEP]', '[CLS] x b y [SEP]')).toBe('[CLS] a-x b c-y [SEP]')
  })

  it('makes inserted and deleted tokens gaps', () => {
    expect(columns('[CLS] is not bad [SEP]', '[CLS] is bad [SEP]')).toBe('[CLS] is not-_ bad [SEP]')
    expect(columns('[CLS] is bad [SEP]', '[CLS] is really very bad [SEP]')).toBe('[CLS] is _-really _-very bad [SEP]')
    expect(columns('a b', 'a b b')).toBe('a b _-b')
  })

  it('pairs what stands at the same place, gaps late', () => {
    expect(columns('x', 'y z')).toBe('x-y _-z')
    expect(columns('y z', 'x')).toBe('y-x z-_')
  })

  it('prefers words that read the same', () => {
    expect(columns('p Bad', 'bad')).toBe('p-_ Bad-bad')
  })

  it('never pairs a template token with a text token', () => {
    expect(columns('[CLS] a', 'b')).toBe('[CLS]-_ a-b')
    const typed = { ...(tokensOf('[SEP]')[0] as Token), source: 'text' } as const
    expect([...alignTokens(tokensOf('[SEP]'), [typed]).b]).toEqual([-1, 0])
  })

  it('aligns empty rows', () => {
    expect(columns('', 'a')).toBe('_-a')
    expect(columns('', '')).toBe('')
  })

  it('is the identity on equal rows', () => {
    fc.assert(
      fc.property(words, (tokens) => {
        const { a, b } = alignTokens(tokens, tokens)
        expect([...a]).toEqual([...tokens.keys()])
        expect([...b]).toEqual([...tokens.keys()])
      }),
    )
  })

  it('has every token once, in order, and no empty column', () => {
    fc.assert(
      fc.property(words, words, (x, y) => {
        const { a, b } = alignTokens(x, y)
        expect(a.length).toBe(b.length)
        expect([...a].filter((i) => i >= 0)).toEqual([...x.keys()])
        expect([...b].filter((j) => j >= 0)).toEqual([...y.keys()])
        expect(a.some((i, k) => i < 0 && (b[k] ?? -1) < 0)).toBe(false)
      }),
    )
  })

  it('costs the least possible, the same in both directions', () => {
    const short = words.map((list) => list.slice(0, 5))
    fc.assert(
      fc.property(short, short, (x, y) => {
        const cost = alignmentCost(x, y, alignTokens(x, y))
        expect(cost).toBe(bruteCost(x, y))
        expect(cost).toBe(alignmentCost(y, x, alignTokens(y, x)))
      }),
    )
  })
})
