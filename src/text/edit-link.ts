// Edits as a short text for links: `m4.d5.u3.s2.r3:word`, one letter and one index an edit, words percent-encoded.

import type { TokenEdit } from './edit.ts'
import { TextError } from './text-error.ts'

/** A link is read from outside: more edits than a reader makes by hand mean a damaged or hostile one. */
export const MAX_LINK_EDITS = 256
/** UTF-16 units of a replacing word: vocabularies give up on longer words anyway (WordPiece at 100 characters). */
export const MAX_EDIT_WORD = 200

const LETTER = { mask: 'm', delete: 'd', duplicate: 'u', swap: 's', replace: 'r' } as const
const INDEX = '(0|[1-9][0-9]{0,5})'
const PLAIN_EDIT = new RegExp(`^([mdus])${INDEX}$`)
const REPLACE_EDIT = new RegExp(`^r${INDEX}:([A-Za-z0-9_~!*'()%-]+)$`)
const KIND_OF_LETTER: Readonly<Record<string, 'mask' | 'delete' | 'duplicate' | 'swap'>> = {
  m: 'mask',
  d: 'delete',
  u: 'duplicate',
  s: 'swap',
}

/** The edits as text. `parseEdits` reads it back; lone surrogates in a word become U+FFFD, which URLs cannot carry. */
export function formatEdits(edits: readonly TokenEdit[]): string {
  return edits.map((edit) => `${LETTER[edit.kind]}${edit.at}${edit.kind === 'replace' ? `:${encodeWord(edit.word)}` : ''}`).join('.')
}

/**
 * Reads what `formatEdits` wrote; an empty text has no edits.
 * @throws TextError `edits-unreadable` with data { reason: 'too-many' | 'not-an-edit' | 'bad-word', part }
 */
export function parseEdits(text: string): readonly TokenEdit[] {
  if (text === '') return []
  const parts = text.split('.', MAX_LINK_EDITS + 1)
  if (parts.length > MAX_LINK_EDITS) throw unreadable('too-many', '')
  return parts.map(parseEdit)
}

function parseEdit(part: string): TokenEdit {
  const plain = PLAIN_EDIT.exec(part)
  const kind = KIND_OF_LETTER[plain?.[1] ?? '']
  if (kind !== undefined) return { kind, at: Number(plain?.[2]) }
  const replace = REPLACE_EDIT.exec(part)
  if (replace?.[2] === undefined) throw unreadable('not-an-edit', part)
  return { kind: 'replace', at: Number(replace[1]), word: decodeWord(replace[2], part) }
}

// encodeURIComponent leaves '.', which separates edits here.
function encodeWord(word: string): string {
  return encodeURIComponent(word.toWellFormed()).replaceAll('.', '%2E')
}

function decodeWord(encoded: string, part: string): string {
  let word: string
  try {
    word = decodeURIComponent(encoded)
  } catch {
    throw unreadable('bad-word', part)
  }
  if (word.length > MAX_EDIT_WORD) throw unreadable('bad-word', part)
  return word
}

function unreadable(reason: 'too-many' | 'not-an-edit' | 'bad-word', part: string): TextError {
  return new TextError('edits-unreadable', `Edits in the link cannot be read: ${reason}`, { reason, part: part.slice(0, 40) })
}
