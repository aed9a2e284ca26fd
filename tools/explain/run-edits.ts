// Many edits of a text, one by one, each with what it changes: as data, and as a table.

import { EngineError } from '#engine/error'
import {
  attentionShift,
  type EditFamily,
  isUnsupportedEdit,
  orderRows,
  type RefusedTrial,
  type UnsupportedEditReason,
  unsupportedEdits,
  type WhatIfRow,
} from '#features/what-if/api.ts'
import type { TokenRow } from '#text/token'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { EditsQuestion } from './question.ts'
import { aimText, type Head, headOf, measured, nameOf, quoted, rounded, shown, subjectOf } from './subject.ts'

export interface EditsAnswer extends Head {
  /** What the model answers to the text. */
  readonly answer: string
  /** The target's number for the text. */
  readonly output: number
  readonly edits: readonly EditAnswer[]
  /** Kinds of edits that no token of the text, or not this model, can be given. */
  readonly not_possible: readonly EditFamily[]
  /** Edits of a kind for tokens that cannot take them, and why. */
  readonly left_out: readonly Pick<RefusedTrial, 'family' | 'token' | 'reason'>[]
  /** Edits that were asked for and could not be made. */
  readonly refused: readonly { readonly edit: string; readonly reason: string }[]
}

interface EditAnswer {
  readonly edit: string
  readonly family: WhatIfRow['family']
  /** Index of the token, from 0. */
  readonly token: number
  /** The word that was put in; null where none was. */
  readonly word: string | null
  readonly before: number
  readonly after: number
  readonly change: number
  /** null where the model gives no one answer. */
  readonly answer: string | null
  /** Whether that is another answer than before. */
  readonly flips: boolean
  /** [layers]: share of attention that moved, mean over heads; and the mean of all. */
  readonly attention: readonly number[]
  readonly attention_mean: number
  /** Cosine of the mean last hidden states; null where they are not known. */
  readonly similarity: number | null
}

/** @throws EngineError `no-such-token`, `nothing-to-perturb`, `no-such-target`, `run-failed` */
export async function runEdits(opened: OpenedEngine, text: string, question: EditsQuestion): Promise<EditsAnswer> {
  const subject = await subjectOf(opened, text, question)
  const { input, row, target } = subject
  const { families, words, sort } = question
  const listed = words === null ? null : { token: tokenAt(row, words.at), list: words.list }
  const rows: WhatIfRow[] = []
  const refused = await opened.engine.whatIf(
    { input, target, families, words: listed, unit: 'token' },
    listening<WhatIfRow>((found) => void rows.push(found)),
  )
  if (rows.length === 0) throw new EngineError('nothing-to-perturb', 'The text has no token on which any of these can be tried.')
  return {
    ...headOf(subject),
    answer: subject.answer.label,
    output: rounded(await subject.numberOf(row)),
    edits: orderRows(rows, sort).map((one) => editAnswer(one, row)),
    not_possible: families.filter((family) => rows.every((one) => one.family !== family)),
    left_out: refused.filter(isUnsupportedEdit).map(({ family, token, reason }) => ({ family, token, reason })),
    refused: refused.filter((one) => !isUnsupportedEdit(one)).map((one) => ({ edit: editText(one, row), reason: one.reason })),
  }
}

function editAnswer(found: WhatIfRow, row: TokenRow): EditAnswer {
  const { family, token, word, before, output, answer, flips, attention, similarity } = found
  return {
    edit: editText(found, row),
    family,
    token,
    word,
    before: rounded(before),
    after: rounded(output),
    change: rounded(output - before),
    answer,
    flips,
    attention: Array.from(attention, rounded),
    attention_mean: rounded(attentionShift(found)),
    similarity: similarity === null ? null : rounded(similarity),
  }
}

/** What an edit does, in a few words. */
function editText({ family, token, word }: RefusedTrial | WhatIfRow, { tokens }: TokenRow): string {
  const textAt = (at: number): string => tokens[at]?.label.trim() ?? ''
  const label = (at: number): string =>
    nameOf(
      tokens.map((_, place) => textAt(place)),
      at,
      at,
    )
  if (word !== null) return `${label(token)} → ${quoted(word)}`
  if (family === 'swap') return `${label(token)} and ${label(token + 1)} swapped`
  return `${label(token)} ${family === 'mask' ? 'masked' : 'deleted'}`
}

/** The token that is named by its index from 0, or by its text in any case. @throws EngineError `no-such-token` */
export function tokenAt({ tokens }: TokenRow, at: string): number {
  const name = at.trim().toLowerCase()
  const isCalled = (text: string): boolean => text.trim().toLowerCase() === name
  const named = /^\d+$/.test(name)
    ? [Number(name)]
    : tokens.flatMap(({ label, piece }, index) => (isCalled(label) || isCalled(piece) ? [index] : []))
  const [index = -1, second] = named
  if (second !== undefined) {
    throw new EngineError('no-such-token', `${quoted(at)} stands at ${named.join(', ')}: name one of these indexes with --at.`)
  }
  const token = tokens[index]
  if (token === undefined) {
    const all = tokens.map(({ label }, place) => `${place} ${label.trim()}`).join(', ')
    throw new EngineError('no-such-token', `The text has no token ${at}; it has ${all}.`)
  }
  if (token.source === 'template') throw new EngineError('no-such-token', `${token.piece} is the model's own and is not replaced.`)
  return index
}

const BARS = '▁▂▃▄▅▆▇█'

/** Edits in lines, with attention by layer as small bars of which the highest is the largest of all. */
export function describeEdits(answer: EditsAnswer): string {
  const { text, space, output, edits, not_possible: none, left_out: missing, refused } = answer
  const largest = Math.max(0, ...edits.flatMap(({ attention }) => attention))
  const rows = edits.map(({ edit, before, after, change, answer: other, flips, attention, attention_mean: mean, similarity }) => [
    edit,
    `${before.toFixed(4)} → ${after.toFixed(4)}`,
    `${change < 0 ? '-' : '+'}${Math.abs(change).toFixed(4)}`,
    `${other === null ? 'none' : shown(other)}${flips ? ' (flips)' : ''}`,
    `${mean.toFixed(3)} ${attention.map((share) => barOf(share, largest)).join('')}`,
    similarity === null ? '' : similarity.toFixed(3),
  ])
  return [
    text,
    `  ${aimText(answer)}: ${measured(output, space)}; the model answers ${quoted(answer.answer)}`,
    ...aligned([['edit', 'before → after', 'change', 'answer', 'attention moved', 'similarity'], ...rows]),
    `  attention moved: mean share, then layer by layer from the first; the highest bar is ${largest.toFixed(3)}`,
    ...(none.length === 0 ? [] : [`  not possible here: ${none.join(', ')}`]),
    ...(missing.length === 0 ? [] : [`  ${leftOutText(missing)}`]),
    ...refused.map(({ edit, reason }) => `  not tried: ${edit} (${reason})`),
  ].join('\n')
}

function leftOutText(missing: EditsAnswer['left_out']): string {
  const reasons = unsupportedEdits(missing).map(({ reason, count }) => `${count} ${REASON_TEXT[reason]}`)
  return `${missing.length} ${missing.length === 1 ? 'edit has' : 'edits have'} no row: ${reasons.join(', ')}`
}

const REASON_TEXT: Readonly<Record<UnsupportedEditReason, string>> = {
  'no-mask-token': 'because the model has no mask token',
  'no-word-table': "because the model's vocabulary cannot be read",
  'no-near-word': 'of tokens without another word near',
  'part-of-word': 'of parts of words',
  'not-letters': 'of tokens that are no words',
  'no-typo': 'of words with no two letters in the middle to change places',
}

function barOf(share: number, largest: number): string {
  return BARS[largest === 0 ? 0 : Math.round((share / largest) * (BARS.length - 1))] ?? ''
}

/** Rows of a table as lines whose columns stand below each other. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return rows.map((cells) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}
