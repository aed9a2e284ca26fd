import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenEdit } from './edit.ts'
import { formatEdits, MAX_EDIT_WORD, MAX_LINK_EDITS, parseEdits } from './edit-link.ts'
import { TextError } from './text-error.ts'

const at = fc.nat(999_999)
const anyEdit: fc.Arbitrary<TokenEdit> = fc.oneof(
  fc.record({ kind: fc.constantFrom('mask' as const, 'delete' as const, 'duplicate' as const, 'swap' as const), at }),
  fc.record({ kind: fc.constant('replace' as const), at, word: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) }),
)

describe('edits in a link', () => {
  it('is short and readable', () => {
    const edits: TokenEdit[] = [
      { kind: 'mask', at: 4 },
      { kind: 'delete', at: 5 },
      { kind: 'duplicate', at: 3 },
      { kind: 'swap', at: 2 },
      { kind: 'replace', at: 3, word: 'très. bon' },
    ]
    expect(formatEdits(edits)).toBe('m4.d5.u3.s2.r3:tr%C3%A8s%2E%20bon')
    expect(parseEdits('m4.d5.u3.s2.r3:tr%C3%A8s%2E%20bon')).toEqual(edits)
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 20 }), (edits) => {
        expect(parseEdits(formatEdits(edits))).toEqual(edits)
      }),
    )
  })

  it('survives a lone surrogate', () => {
    expect(formatEdits([{ kind: 'replace', at: 0, word: '\ud83d' }])).toBe('r0:%EF%BF%BD')
  })

  it.each([
    'x1',
    'm',
    'm-1',
    'm01',
    'm1.',
    '.m1',
    'm1..d2',
    'm1:word',
    'r1',
    'r1:',
    'r1:a b',
    'r1:%',
    'r1:%ff',
    'm1000000',
    'M1',
    'm1 ',
    'constructor',
    'toString1',
  ])('refuses %j', (text) => {
    expect(() => parseEdits(text)).toThrow(TextError)
  })

  it('has limits', () => {
    expect(parseEdits(Array(MAX_LINK_EDITS).fill('m1').join('.'))).toHaveLength(MAX_LINK_EDITS)
    expect(() =>
      parseEdits(
        Array(MAX_LINK_EDITS + 1)
          .fill('m1')
          .join('.'),
      ),
    ).toThrow(/too-many/)
    expect(parseEdits(`r1:${'a'.repeat(MAX_EDIT_WORD)}`)).toHaveLength(1)
    expect(() => parseEdits(`r1:${'a'.repeat(MAX_EDIT_WORD + 1)}`)).toThrow(/bad-word/)
  })

  it('never answers a damaged link with anything but edits or a typed error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(formatEdits(parseEdits(text)).length).toBeGreaterThanOrEqual(0)
        } catch (error) {
          expect(error).toBeInstanceOf(TextError)
        }
      }),
    )
  })
})
