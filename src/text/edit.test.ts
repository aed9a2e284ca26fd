import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, type EditContext, type TokenEdit } from './edit.ts'
import { TextError } from './text-error.ts'
import type { Token, TokenRow } from './token.ts'

const context: EditContext = {
  maskToken: { id: 103, piece: '[MASK]' },
  encodeWord: (word) =>
    word
      .split('-')
      .filter(Boolean)
      .map((piece, index) => ({ id: 500 + index, piece: index === 0 ? piece : `##${piece}` })),
  maxTokens: 8,
}

function rowOf(words: readonly string[], wantedLength = words.length + 2): TokenRow {
  let start = 0
  const text = words.map((label, word): Token => {
    const token: Token = { id: 200 + word, piece: label, label, start, end: start + label.length, word, source: 'text' }
    start += label.length + 1
    return token
  })
  const template = (piece: string, at: number): Token => ({ id: at, piece, label: piece, start: at, end: at, word: -1, source: 'template' })
  return { tokens: [template('[CLS]', 0), ...text, template('[SEP]', start)], cutAt: null, wantedLength }
}

const row = rowOf(['not', 'bad', 'film'])
const labels = (edits: readonly TokenEdit[]): readonly string[] => applyEdits(row, edits, context).tokens.map((token) => token.label)

function refusal(edits: readonly TokenEdit[], on = row, within = context): unknown {
  try {
    applyEdits(on, edits, within)
  } catch (error) {
    if (error instanceof TextError) return { kind: error.kind, reason: error.data.reason, edit: error.data.edit }
    throw error
  }
  return 'not refused'
}

describe('applyEdits', () => {
  it('masks a token in its place', () => {
    const { tokens } = applyEdits(row, [{ kind: 'mask', at: 1 }], context)
    expect(tokens[1]).toEqual({ id: 103, piece: '[MASK]', label: '[MASK]', start: 0, end: 3, word: 0, source: 'edit' })
    expect(tokens).toHaveLength(5)
  })

  it('deletes, duplicates, swaps', () => {
    expect(labels([{ kind: 'delete', at: 1 }])).toEqual(['[CLS]', 'bad', 'film', '[SEP]'])
    expect(labels([{ kind: 'duplicate', at: 1 }])).toEqual(['[CLS]', 'not', 'not', 'bad', 'film', '[SEP]'])
    expect(labels([{ kind: 'swap', at: 1 }])).toEqual(['[CLS]', 'bad', 'not', 'film', '[SEP]'])
  })

  it('gives a duplicate an empty span after its original and marks it', () => {
    const { tokens } = applyEdits(row, [{ kind: 'duplicate', at: 2 }], context)
    expect(tokens[2]).toBe(row.tokens[2])
    expect(tokens[3]).toEqual({ ...row.tokens[2], start: 7, end: 7, source: 'edit' })
  })

  it('replaces a token with the pieces of a word', () => {
    const { tokens } = applyEdits(row, [{ kind: 'replace', at: 2, word: 'un-bear' }], context)
    expect(tokens.map((token) => [token.label, token.start, token.end, token.word, token.source])).toEqual([
      ['[CLS]', 0, 0, -1, 'template'],
      ['not', 0, 3, 0, 'text'],
      ['un', 4, 7, 1, 'edit'],
      ['bear', 4, 7, 1, 'edit'],
      ['film', 8, 12, 2, 'text'],
      ['[SEP]', 13, 13, -1, 'template'],
    ])
  })

  it('counts places as the earlier edits left them', () => {
    expect(
      labels([
        { kind: 'delete', at: 1 },
        { kind: 'mask', at: 1 },
      ]),
    ).toEqual(['[CLS]', '[MASK]', 'film', '[SEP]'])
  })

  it('moves the wanted length with the tokens and keeps the cut', () => {
    const cut = { ...rowOf(['a', 'b'], 20), cutAt: 3 }
    expect(applyEdits(cut, [{ kind: 'delete', at: 1 }], context)).toMatchObject({ cutAt: 3, wantedLength: 19 })
  })

  it.each<[string, TokenEdit[]]>([
    ['template-token', [{ kind: 'mask', at: 0 }]],
    ['template-token', [{ kind: 'swap', at: 3 }]],
    ['template-token', [{ kind: 'delete', at: 4 }]],
    ['no-such-token', [{ kind: 'delete', at: 5 }]],
    ['no-such-token', [{ kind: 'delete', at: -1 }]],
    ['no-such-token', [{ kind: 'delete', at: 0.5 }]],
    ['empty-word', [{ kind: 'replace', at: 1, word: '-' }]],
    ['too-long', [{ kind: 'replace', at: 1, word: 'a-b-c-d-e' }]],
  ])('refuses: %s', (reason, edits) => {
    expect(refusal(edits)).toEqual({ kind: 'edit-refused', reason, edit: 0 })
  })

  it('refuses a mask where the vocabulary has none, and an empty row', () => {
    expect(refusal([{ kind: 'mask', at: 1 }], row, { ...context, maskToken: null })).toMatchObject({ reason: 'no-mask-token' })
    const one = { ...row, tokens: row.tokens.slice(1, 2) }
    expect(refusal([{ kind: 'delete', at: 0 }], one)).toMatchObject({ reason: 'nothing-left' })
  })

  it('leaves template tokens as they are and in order, whatever is edited', () => {
    const edit = fc.record({
      kind: fc.constantFrom('mask' as const, 'delete' as const, 'duplicate' as const, 'swap' as const),
      at: fc.nat(9),
    })
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        let edited: TokenRow
        try {
          edited = applyEdits(row, edits, context)
        } catch (error) {
          expect(error).toBeInstanceOf(TextError)
          return
        }
        expect(edited.tokens.at(0)).toBe(row.tokens[0])
        expect(edited.tokens.at(-1)).toBe(row.tokens[4])
        expect(edited.tokens.filter((token) => token.source === 'template')).toHaveLength(2)
        expect(edited.tokens.length).toBeLessThanOrEqual(context.maxTokens)
      }),
    )
  })
})
