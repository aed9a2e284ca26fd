// Edits of a token row: the reader's "what if". They act on tokens, not on text, so that masking a word piece is exact.

import { type Piece, pieceLabel } from './piece.ts'
import { TextError } from './text-error.ts'
import type { Token, TokenRow, WordPlace } from './token.ts'

/** One edit. `at` is an index into the row as the earlier edits left it. */
export type TokenEdit =
  | { readonly kind: 'mask'; readonly at: number }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'duplicate'; readonly at: number }
  /** Swaps token `at` with token `at + 1`. */
  | { readonly kind: 'swap'; readonly at: number }
  /** Puts the pieces of a typed word in the place of token `at`. */
  | { readonly kind: 'replace'; readonly at: number; readonly word: string }

/** What an edit needs to know of the model's vocabulary. */
export interface EditContext {
  /** Null when the vocabulary has no mask token: `mask` is then refused. */
  readonly maskToken: Piece | null
  readonly encodeWord: (word: string, place: WordPlace) => readonly Piece[]
  readonly maxTokens: number
}

/** Why an edit was refused: `data.reason` of the error. */
export type EditRefusal = 'no-such-token' | 'template-token' | 'no-mask-token' | 'empty-word' | 'too-long' | 'nothing-left'

/**
 * The row after the edits, in order. Changed tokens have source `edit`; a masked or replaced token keeps the span and the
 * word of the original, a duplicate has an empty span after it. `wantedLength` moves with the number of tokens.
 * @throws TextError `edit-refused` with data { reason: EditRefusal, edit: index of the edit, at, tokens, maxTokens }
 */
export function applyEdits(row: TokenRow, edits: readonly TokenEdit[], context: EditContext): TokenRow {
  let tokens: readonly Token[] = row.tokens
  edits.forEach((edit, index) => {
    const refuse = (reason: EditRefusal): never => {
      const data = { reason, edit: index, at: edit.at, tokens: tokens.length, maxTokens: context.maxTokens }
      throw new TextError('edit-refused', `Edit ${index} (${edit.kind} token ${edit.at}) refused: ${reason}`, data)
    }
    const edited = applyEdit(tokens, edit, context, refuse)
    if (edited.length > Math.max(context.maxTokens, tokens.length)) refuse('too-long')
    if (edited.length === 0) refuse('nothing-left')
    tokens = edited
  })
  return { ...row, tokens, wantedLength: row.wantedLength + tokens.length - row.tokens.length }
}

type Refuse = (reason: EditRefusal) => never

function applyEdit(tokens: readonly Token[], edit: TokenEdit, context: EditContext, refuse: Refuse): readonly Token[] {
  const token = editable(tokens, edit.at, refuse)
  switch (edit.kind) {
    case 'mask': {
      const mask = context.maskToken ?? refuse('no-mask-token')
      return tokens.with(edit.at, { ...token, ...mask, label: mask.piece, source: 'edit' })
    }
    case 'delete':
      return tokens.toSpliced(edit.at, 1)
    case 'duplicate':
      return tokens.toSpliced(edit.at + 1, 0, { ...token, start: token.end, source: 'edit' })
    case 'swap': {
      const next = editable(tokens, edit.at + 1, refuse)
      return tokens.toSpliced(edit.at, 2, { ...next, source: 'edit' }, { ...token, source: 'edit' })
    }
    case 'replace': {
      const pieces = context.encodeWord(edit.word, placeAt(tokens, edit.at))
      if (pieces.length === 0) refuse('empty-word')
      return tokens.toSpliced(
        edit.at,
        1,
        ...pieces.map(
          (piece): Token => ({
            ...token,
            ...piece,
            label: pieces.length === 1 ? edit.word.trim() : pieceLabel(piece.piece),
            source: 'edit',
          }),
        ),
      )
    }
  }
}

/** What stands before a token; a piece inside a word is replaced as by a word of its own. */
export function placeAt(tokens: readonly Token[], at: number): WordPlace {
  const [before, token] = [tokens[at - 1], tokens[at]]
  if (before === undefined || token === undefined || before.source === 'template') return 'start'
  return before.end < token.start || before.word === token.word ? 'after-space' : 'attached'
}

function editable(tokens: readonly Token[], at: number, refuse: Refuse): Token {
  const token = (Number.isInteger(at) ? tokens[at] : undefined) ?? refuse('no-such-token')
  return token.source === 'template' ? refuse('template-token') : token
}
