// The kinds of answers, a row each.

import type { AttributionTarget } from '#methods/attribution'
import type { AnswerKind } from './answer-kind.ts'
import { classes } from './classes.ts'
import { embedding } from './embedding.ts'
import { span } from './span.ts'
import { tags } from './tags.ts'
import { tokens } from './tokens.ts'

const ROWS = { classes, tags, span, tokens, embedding } as const

type AnswerIn<Row> = Row extends AnswerKind<infer Answer> ? Answer : never

/** What a model answers to an input. */
export type Prediction = AnswerIn<(typeof ROWS)[keyof typeof ROWS]>

export type AnswerKindId = Prediction['kind']

export type AnswerOf<Kind extends AnswerKindId> = Extract<Prediction, { readonly kind: Kind }>

export const ANSWER_KINDS: Readonly<Record<AnswerKindId, AnswerKind<Prediction>>> = ROWS

/** What can be asked of an answer; only answers of its own kind are to be given to it. */
export function kindOf({ kind }: Pick<Prediction, 'kind'>): AnswerKind<Prediction> {
  return ANSWER_KINDS[kind]
}

/** An answer of one kind; null for others. */
export function ofKind<Kind extends AnswerKindId>(kind: Kind, prediction: Prediction): AnswerOf<Kind> | null {
  const isOfKind = (one: Prediction): one is AnswerOf<Kind> => one.kind === kind
  return isOfKind(prediction) ? prediction : null
}

/**
 * What a target is contrasted with unless the reader chooses otherwise: a token with the runner-up, since all scores of a vocabulary rise and
 * fall together, and one alone says little. null for nothing.
 */
export function usualFoil(prediction: Prediction, target: Pick<AttributionTarget, 'index' | 'position'>): number | null {
  const kind = kindOf(prediction)
  return kind.overVocabulary ? kind.runnerUp(prediction, target) : null
}
