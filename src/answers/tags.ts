// Scores of classes for each token.

import { argmax } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import { type Activation, type AnswerKind, choicesOf, rankClasses } from './answer-kind.ts'

export interface TagAnswer {
  readonly kind: 'tags'
  readonly activation: Activation
  readonly labels: readonly string[]
  /** [T, labels] */
  readonly logits: Float32Array
  /** [T, labels], of `activation`; empty for `none`. */
  readonly probabilities: Float32Array
}

export const tags: AnswerKind<TagAnswer> = {
  isExplainable: true,
  overVocabulary: false,
  activation: ({ activation }) => activation,
  hasShares: () => false,
  hasRival: ({ labels }) => labels.length > 1,
  readsOn: () => false,
  question: ({ prediction, row }, { token }) => {
    const position = taggedToken(row, token)
    return {
      best: argmax(ofToken(prediction, prediction.logits, position)),
      position,
      choices: choicesOf(prediction.labels),
      isClosed: false,
    }
  },
  probability: ({ prediction }, { index, position }) => ofToken(prediction, prediction.probabilities, position ?? 0)[index] ?? null,
  position: ({ row }) => taggedToken(row, null),
  best: (answer, position) => {
    if (position === null) return null
    const index = argmax(ofToken(answer, answer.logits, position))
    return index < 0 ? null : { index, label: answer.labels[index] ?? `class ${index}` }
  },
  ranked: ({ prediction, row }) =>
    row.tokens.flatMap(({ source }, position) => {
      if (source === 'template') return []
      const { labels, logits, probabilities } = prediction
      const choices = rankClasses(labels, ofToken(prediction, logits, position), ofToken(prediction, probabilities, position))
      return [{ position, choices }]
    }),
  runnerUp: () => null,
  scores: () => null,
  at: () => null,
}

/** The chosen token; without one, the first of the text. */
export function taggedToken({ tokens }: TokenRow, chosen: number | null): number {
  return Math.max(0, chosen ?? tokens.findIndex(({ source }) => source !== 'template'))
}

/** [labels]: a token's part of values [T, labels]. */
export function ofToken({ labels }: TagAnswer, values: Float32Array, token: number): Float32Array {
  return values.subarray(token * labels.length, (token + 1) * labels.length)
}
