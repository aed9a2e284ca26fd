// What the page asks about edits of an input, and how answers are ordered and counted wherever they are shown.

import type { AttributionOptions, Unit } from '#catalogue/attribution-options'
import type { HeadRef } from '#methods/attention/attention'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'
import type { Settings } from '#share/settings'
import type { TokenEdit } from '#text/edit'

export interface WhatIfApi {
  /** Many edits at once, each with what it changes; at the end those that have no row. */
  readonly whatIf: Call<WhatIfRequest, WhatIfRow, readonly RefusedTrial[]>
  /** The smallest edits that turn the answer over; partial answers are usable ones. */
  readonly counterfactuals: Call<CounterfactualRequest, CounterfactualState, CounterfactualState>
  /** What two units of the text do together: [units, units], NaN on the diagonal and where still to come. */
  readonly interactions: Call<InteractionRequest, Interactions, Interactions>
}

/** Edits that are tried one by one. */
export type EditFamily = 'mask' | 'delete' | 'swap' | 'neighbour' | 'random' | 'typo'

export interface WhatIfRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  /** Applied to every unit that they can be applied to. */
  readonly families: readonly EditFamily[]
  readonly unit: Unit
  /** Words that are put in the place of a token's unit, one after the other; null for none. */
  readonly words: { readonly token: number; readonly list: readonly string[] } | null
}

/** One edit of the input, and what it changes. */
export interface WhatIfRow {
  readonly family: EditFamily | 'word'
  /** First token of the unit, in the input as it is, edits included. */
  readonly token: number
  /** All tokens of the unit. */
  readonly tokens: readonly number[]
  /** The unit that it changes places with; null but for `swap`. */
  readonly next: readonly number[] | null
  /** To be added to the input's own. */
  readonly edits: readonly TokenEdit[]
  /** The word that was put in; null where none was. */
  readonly word: string | null
  /** The target's number after the edit, and before it. */
  readonly output: number
  readonly before: number
  /** How likely the target is before and after, 0..1; null where that is not known. */
  readonly probabilities: { readonly before: number | null; readonly after: number | null }
  /** What the model answers where the target is asked about: a class or a token; null where it gives no one answer, or it is not known. */
  readonly answer: string | null
  /** Of that answer, 0..1; null where there is none. */
  readonly answerProbability: number | null
  /** Whether that is another answer than before. */
  readonly flips: boolean
  /** [layers]: share of attention that moved, mean over heads. */
  readonly attention: Float32Array
  /** Heads whose attention moved most, strongest first. */
  readonly heads: readonly HeadShift[]
  /** Cosine of the mean last hidden states before and after; null where they are not known. */
  readonly similarity: number | null
  /** Rows that are still to come. */
  readonly left: number
}

/** How much of a head's attention moved, 0..1. */
export interface HeadShift extends HeadRef {
  readonly moved: number
}

/** Why a token cannot take an edit that is tried on every token. */
export const UNSUPPORTED_EDIT_REASONS = [
  'no-mask-token',
  'no-word-table',
  'no-near-word',
  'part-of-word',
  'not-letters',
  'no-typo',
] as const

export type UnsupportedEditReason = (typeof UNSUPPORTED_EDIT_REASONS)[number]

/** One edit that could not be tried. */
export interface RefusedTrial extends Pick<WhatIfRow, 'family' | 'token' | 'word'> {
  /** The edit's refusal, an `UnsupportedEditReason`, or `question-gone` where it takes away the place that the target is asked about. */
  readonly reason: string
}

export interface UnsupportedEdits {
  readonly reason: UnsupportedEditReason
  readonly count: number
}

/** In one order; reasons that hold of no edit are left out. */
export function unsupportedEdits(refused: readonly Pick<RefusedTrial, 'reason'>[]): readonly UnsupportedEdits[] {
  return UNSUPPORTED_EDIT_REASONS.map((reason) => ({ reason, count: refused.filter((one) => one.reason === reason).length })).filter(
    ({ count }) => count > 0,
  )
}

export function isUnsupportedEdit({ reason }: Pick<RefusedTrial, 'reason'>): boolean {
  return UNSUPPORTED_EDIT_REASONS.some((known) => known === reason)
}

export interface CounterfactualRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  /** `flip`: the target falls behind its rival (`answers/rival.ts`), or behind any other answer. `halve`: half of the target's probability. */
  readonly goal: 'flip' | 'halve'
  readonly moves: readonly ('delete' | 'mask' | 'replace')[]
}

export interface FoundEdits {
  /** To be added to the input's own. */
  readonly edits: readonly TokenEdit[]
  /** Tokens of the input that are changed, and the words in their place; null for one that goes. */
  readonly changes: readonly { readonly token: number; readonly word: string | null }[]
  /** Below zero: the goal is reached. Scores for `flip`, probability for `halve`. */
  readonly margin: number
  /** null where the model gives no one answer. */
  readonly answer: EditedAnswer | null
}

/** What the model answers to an edited text, where the target is asked about. */
export interface EditedAnswer {
  readonly label: string
  /** 0..1; null where there is none. */
  readonly probability: number | null
  /** How likely the target is, 0..1; null where that is not known. */
  readonly targetProbability: number | null
}

export interface CounterfactualState {
  readonly found: readonly FoundEdits[]
  readonly closest: FoundEdits | null
  /** Edits in the sets that are being tried. */
  readonly size: number
  readonly tried: number
  readonly left: number
}

export interface InteractionRequest {
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly options: Pick<AttributionOptions, 'removal' | 'unit'>
}

export interface Interactions {
  readonly values: Float32Array
  /** Tokens of each unit. */
  readonly units: readonly (readonly number[])[]
  readonly left: number
  readonly doubts: Attribution['doubts']
}

type Order = Settings['whatIfOrder']

/** Mean over layers of the share of attention that moved. */
export function attentionShift({ attention }: Pick<WhatIfRow, 'attention'>): number {
  return attention.reduce((sum, value) => sum + value, 0) / Math.max(1, attention.length)
}

/** Usually text stands from its beginning, and what is least like the text first; changes strongest first. */
export const USUAL_DIRECTION = { text: 'ascending', change: 'descending', attention: 'descending', similarity: 'ascending' } as const

const RANK: Readonly<Record<Order, (row: WhatIfRow) => number | null>> = {
  text: ({ token }) => token,
  change: ({ output, before }) => Math.abs(output - before),
  attention: attentionShift,
  similarity: ({ similarity }) => similarity,
}

/**
 * Rows of equal rank stay in their order; those of unknown rank are last, whichever the direction. By change, those that flip the answer
 * stand above all others; turned round, below them.
 */
export function orderRows(rows: readonly WhatIfRow[], by: Order, direction: Settings['whatIfDirection'] = 'usual'): readonly WhatIfRow[] {
  const sign = (USUAL_DIRECTION[by] === 'ascending') === (direction === 'usual') ? 1 : -1
  const ranked = rows.map((row) => ({ row, rank: RANK[by](row) }))
  ranked.sort(({ row: first, rank: one }, { row: second, rank: other }) => {
    if (by === 'change' && first.flips !== second.flips) return sign * (Number(first.flips) - Number(second.flips))
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return sign * (one - other)
  })
  return ranked.map(({ row }) => row)
}

/** Of the rows that are shown: all, those that flip the answer, or those of one kind of edit. */
export type RowFilter = 'all' | 'flips' | WhatIfRow['family']

export function isShown({ family, flips }: Pick<WhatIfRow, 'family' | 'flips'>, filter: RowFilter): boolean {
  return filter === 'all' || (filter === 'flips' ? flips : family === filter)
}
