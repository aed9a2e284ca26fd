// Edits of an input that are tried one by one.

import type { LoadedModel } from '#engine/model/model'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { isWholeWord, typedWordOf, whyNoWord, wordOf } from '#engine/text/whole-words'
import type { Cancel } from '#methods/cancel'
import { randomNumbers } from '#tensor/random'
import type { Token, TokenRow } from '#text/token'
import {
  type EditFamily,
  type RefusedTrial,
  UNSUPPORTED_EDIT_REASONS,
  type UnsupportedEditReason,
  type WhatIfRequest,
  type WhatIfRow,
} from '../api.ts'

/** One edit to be tried. */
export type Trial = Pick<WhatIfRow, 'family' | 'token' | 'edits' | 'word'>

const SEED = 1
/** A typo swaps two letters inside a word that is long enough to be known all the same. */
const TYPO_LETTERS = 4

export interface Trials {
  readonly trials: readonly Trial[]
  /** Edits that are tried on every token, for tokens that cannot take them. */
  readonly unfit: readonly RefusedTrial[]
}

/** What a request asks for, token by token. @throws `cancel`'s reason */
export async function trialsOf(
  { families, words }: Pick<WhatIfRequest, 'families' | 'words'>,
  row: TokenRow,
  model: LoadedModel,
  cancel: Cancel,
): Promise<Trials> {
  const random = randomNumbers(SEED)
  const near = families.includes('neighbour') ? await wordsNear(row, model, cancel) : []
  const byWord = (family: EditFamily, token: number, word: () => string | UnsupportedEditReason): Trial | UnsupportedEditReason => {
    const found = whyNoWord(row, token) ?? word()
    return isUnsupportedReason(found) ? found : replaced(family, token, found)
  }
  /** null where there is no such edit. */
  const makers: Readonly<Record<EditFamily, (token: number) => Trial | UnsupportedEditReason | null>> = {
    mask: (token) =>
      model.tokenizer.mask === null ? 'no-mask-token' : { family: 'mask', token, edits: [{ kind: 'mask', at: token }], word: null },
    delete: (token) => ({ family: 'delete', token, edits: [{ kind: 'delete', at: token }], word: null }),
    swap: (token) =>
      isEditable(row.tokens[token + 1]) ? { family: 'swap', token, edits: [{ kind: 'swap', at: token }], word: null } : null,
    neighbour: (token) => byWord('neighbour', token, () => near[token] ?? 'no-word-table'),
    random: (token) => byWord('random', token, () => randomWord(model, random) ?? 'no-word-table'),
    typo: (token) => byWord('typo', token, () => typoOf(row.tokens[token]?.label.trim() ?? '') ?? 'no-typo'),
  }
  const listed = (words?.list ?? []).flatMap((word) => (word.trim() === '' ? [] : replaced('word', words?.token ?? 0, word.trim())))
  const each: Trial[] = []
  const unfit: RefusedTrial[] = []
  for (const family of families) {
    row.tokens.forEach((one, token) => {
      const made = isEditable(one) ? makers[family](token) : null
      if (typeof made === 'string') unfit.push({ family, token, word: null, reason: made })
      else if (made !== null) each.push(made)
    })
  }
  return { trials: [...listed, ...each], unfit }
}

/** Words are of letters alone, reasons are not. */
function isUnsupportedReason(word: string): word is UnsupportedEditReason {
  return UNSUPPORTED_EDIT_REASONS.some((reason) => reason === word)
}

function replaced(family: Trial['family'], token: number, word: string): Trial {
  return { family, token, edits: [{ kind: 'replace', at: token, word }], word }
}

/** Whether the reader's own: the tokenizer's tokens stay. */
export function isEditable(token: Token | undefined): boolean {
  return token !== undefined && token.source !== 'template'
}

/** [T]: the nearest other word, or why there is none. */
async function wordsNear(
  row: TokenRow,
  { removals, tokenizer }: LoadedModel,
  cancel: Cancel,
): Promise<readonly (string | UnsupportedEditReason)[]> {
  const near: (string | UnsupportedEditReason)[] = []
  for (const [at, { id }] of row.tokens.entries()) {
    const found = isWholeWord(row, at) ? await removals.neighbour?.(id, () => hearCancel(cancel)) : undefined
    near.push(found === undefined ? 'no-word-table' : (wordOf(found, tokenizer) ?? 'no-near-word'))
  }
  return near
}

/** A word of one piece and of more letters than one. */
function randomWord({ tokenizer }: LoadedModel, random: () => number): string | null {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const word = typedWordOf(Math.floor(random() * tokenizer.size), tokenizer)
    if (word !== null && Array.from(word).length > 1) return word
  }
  return null
}

/** Two letters in the middle change places. */
function typoOf(word: string): string | null {
  const letters = Array.from(word)
  const at = Math.floor(letters.length / 2) - 1
  const [one, other] = [letters[at], letters[at + 1]]
  if (letters.length < TYPO_LETTERS || one === undefined || other === undefined || one === other) return null
  return letters
    .with(at, other)
    .with(at + 1, one)
    .join('')
}
