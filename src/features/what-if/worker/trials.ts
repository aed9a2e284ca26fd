// Edits of an input that are tried one by one.

import type { LoadedModel } from '#engine/model/model'
import { unitsOf } from '#engine/passes/token-game'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { isWholeWord, typedWordOf, WORD, whyNoWord, wordOf } from '#engine/text/whole-words'
import type { Cancel } from '#methods/cancel'
import { randomNumbers } from '#tensor/random'
import { elementAt } from '#tensor/vector'
import type { Token, TokenRow } from '#text/token'
import {
  type EditFamily,
  type RefusedTrial,
  UNSUPPORTED_EDIT_REASONS,
  type UnsupportedEditReason,
  type WhatIfRequest,
  type WhatIfRow,
} from '../api.ts'
import { deleteUnit, maskUnit, replaceUnit, swapUnits, type UnitTokens } from './unit-edits.ts'

/** One edit to be tried. */
export type Trial = Pick<WhatIfRow, 'family' | 'token' | 'tokens' | 'next' | 'edits' | 'word'>

const SEED = 1
/** A typo swaps two letters inside a word that is long enough to be known all the same. */
const TYPO_LETTERS = 4

export interface Trials {
  readonly trials: readonly Trial[]
  /** Edits that are tried on every unit, for units that cannot take them. */
  readonly unfit: readonly RefusedTrial[]
}

/** What a request asks for, unit by unit. @throws `cancel`'s reason */
export async function trialsOf(
  { families, words, unit }: Pick<WhatIfRequest, 'families' | 'words' | 'unit'>,
  row: TokenRow,
  model: LoadedModel,
  cancel: Cancel,
): Promise<Trials> {
  const random = randomNumbers(SEED)
  const units = unitsOf(row, unit)
  const near = families.includes('neighbour') ? await wordsNear(row, model, cancel) : []
  const byWord = (family: EditFamily, tokens: UnitTokens, word: () => string | UnsupportedEditReason): Trial | UnsupportedEditReason => {
    const found = whyNoWordUnit(row, tokens) ?? word()
    return isUnsupportedReason(found) ? found : replaced(family, tokens, found)
  }
  /** null where there is no such edit. */
  const makers: Readonly<Record<EditFamily, (tokens: UnitTokens, next: UnitTokens | undefined) => Trial | UnsupportedEditReason | null>> = {
    mask: (tokens) => (model.tokenizer.mask === null ? 'no-mask-token' : trial('mask', tokens, maskUnit(tokens))),
    delete: (tokens) => trial('delete', tokens, deleteUnit(tokens)),
    swap: (tokens, next) => (next ? { ...trial('swap', tokens, swapUnits(tokens, next)), next } : null),
    // Words of several tokens have no one embedding.
    neighbour: (tokens) =>
      byWord('neighbour', tokens, () => (tokens.length > 1 ? 'no-near-word' : (near[tokens[0] ?? -1] ?? 'no-word-table'))),
    random: (tokens) => byWord('random', tokens, () => randomWord(model, random) ?? 'no-word-table'),
    typo: (tokens) => byWord('typo', tokens, () => typoOf(textOf(row, tokens)) ?? 'no-typo'),
  }
  const asked = words && units.find((tokens) => tokens.includes(words.token))
  const listed = (words?.list ?? []).flatMap((word) => (word.trim() === '' || !asked ? [] : replaced('word', asked, word.trim())))
  const each: Trial[] = []
  const unfit: RefusedTrial[] = []
  for (const family of families) {
    units.forEach((tokens, at) => {
      const made = makers[family](tokens, units[at + 1])
      if (typeof made === 'string') unfit.push({ family, token: elementAt(tokens, 0), word: null, reason: made })
      else if (made !== null) each.push(made)
    })
  }
  return { trials: [...listed, ...each], unfit }
}

function trial(family: Trial['family'], tokens: UnitTokens, edits: Trial['edits']): Trial {
  return { family, token: elementAt(tokens, 0), tokens, next: null, edits, word: null }
}

function textOf({ tokens }: TokenRow, unit: UnitTokens): string {
  return unit
    .map((at) => tokens[at]?.label ?? '')
    .join('')
    .trim()
}

/** Why a unit is no word; null where it is one. */
function whyNoWordUnit(row: TokenRow, unit: UnitTokens): UnsupportedEditReason | null {
  const [first = -1] = unit
  if (unit.length === 1) return whyNoWord(row, first)
  return WORD.test(textOf(row, unit)) ? null : 'not-letters'
}

/** Words are of letters alone, reasons are not. */
function isUnsupportedReason(word: string): word is UnsupportedEditReason {
  return UNSUPPORTED_EDIT_REASONS.some((reason) => reason === word)
}

function replaced(family: Trial['family'], tokens: UnitTokens, word: string): Trial {
  return { ...trial(family, tokens, replaceUnit(tokens, word)), word }
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
