// What the rest of the program may ask of an answer without knowing its kind. Each kind answers in a file of its own.

import type { TargetSpace } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import { float32At } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import type { PositionAnswer } from './position-answer.ts'

/** How scores become shares: exclusive classes, independent ones, or numbers that are none. */
export type Activation = 'softmax' | 'sigmoid' | 'none'

/** An answer with the tokens that it is of. */
export interface Answered<Answer> {
  readonly prediction: Answer
  readonly row: TokenRow
  /** What the model answers at the chosen token, where that was asked for. */
  readonly chosen: PositionAnswer | null
}

/** What the reader looks at. */
export interface Chosen {
  readonly token: number | null
  /** Of a model that reads on: whether the token is explained itself, or what comes after it. */
  readonly explains: 'itself' | 'after'
}

/** What a target may be: a class or a token. */
export interface TargetChoice {
  readonly index: number
  readonly label: string
}

/** One of the things that are answered. */
export interface RankedChoice extends TargetChoice {
  readonly score: number
  /** 0..1; null for a number that is none. */
  readonly probability: number | null
}

/** What is answered at one place, most likely first. */
export interface RankedAnswer {
  /** Index of a token; null for an answer of the whole text. */
  readonly position: number | null
  readonly choices: readonly RankedChoice[]
}

/** What can be explained of an answer. */
export interface TargetQuestion {
  /** The target where the reader names none. */
  readonly best: number
  /** Where the model is asked; null for models with one answer. */
  readonly position: number | null
  readonly choices: readonly TargetChoice[]
  /** Whether a target must be one of the choices. */
  readonly isClosed: boolean
}

export interface AnswerKind<Answer> {
  /** Whether it has a number that can be explained. */
  readonly isExplainable: boolean
  /** Whether its scores are those of the whole vocabulary, at any token that the model is asked about: gradients are of scores alone. */
  readonly overVocabulary: boolean
  activation(answer: Answer): Activation
  /** Whether the target can be counted in shares, too. */
  hasShares(answer: Answer): boolean
  /** Whether there is something else that could be answered. */
  hasRival(answer: Answer): boolean
  /** Whether a token is predicted from those before it. */
  readsOn(answer: Answer): boolean
  /** null where there is nothing to explain, or it is not known yet. */
  question(answered: Answered<Answer>, chosen: Chosen): TargetQuestion | null
  /**
   * How likely the target is, 0..1; null where it cannot be told from what is known.
   * @param output the target's number there, where it is known
   */
  probability(answered: Pick<Answered<Answer>, 'prediction' | 'chosen'>, target: AttributionTarget, output: number | null): number | null
  /** Where a model without a choice of the reader's is asked; null for models with one answer. @param mask the mask token's id */
  position(answered: Pick<Answered<Answer>, 'prediction' | 'row'>, mask: number | null): number | null
  /** What the model itself answers. @param position null: where it is asked by itself @returns null where that is not one thing, or not known */
  best(answer: Answer, position: number | null): TargetChoice | null
  /** All that is answered, in words and numbers: empty for an answer that is none of any. */
  ranked(answered: Pick<Answered<Answer>, 'prediction' | 'row'>): readonly RankedAnswer[]
  /** What would be the answer if the target were not; null where that is not known. */
  runnerUp(answer: Answer, target: Pick<AttributionTarget, 'index' | 'position'>): number | null
  /** [C]: scores of all classes, where one answer has all that a target can be; else null. */
  scores(answer: Answer): Float32Array | null
  /** What the answer says of a position; undefined where the model is to be asked, null where it has no such answer. */
  at(answer: Answer, position: number): PositionAnswer | null | undefined
}

/** The target's number in which gradients are known, whatever the reader counts in. */
export function spaceOfGradients({ overVocabulary }: AnswerKind<unknown>, space: TargetSpace): TargetSpace {
  return overVocabulary ? 'score' : space
}

/** Classes by their scores. @param probabilities empty where the scores are none of any */
export function rankClasses(labels: readonly string[], scores: Float32Array, probabilities: Float32Array): readonly RankedChoice[] {
  return labels
    .map((label, index) => ({ index, label, score: float32At(scores, index), probability: probabilities[index] ?? null }))
    .sort((one, other) => other.score - one.score)
}

export function choicesOf(labels: readonly string[]): readonly TargetChoice[] {
  return labels.map((label, index) => ({ index, label }))
}
