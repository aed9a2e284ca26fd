// Scores of classes, for the text as a whole.

import { argmax, float32At } from '#tensor/vector'
import { type Activation, type AnswerKind, choicesOf, rankClasses } from './answer-kind.ts'

export interface ClassAnswer {
  readonly kind: 'classes'
  readonly activation: Activation
  readonly labels: readonly string[]
  readonly logits: Float32Array
  /** Of `activation`; empty for `none`. */
  readonly probabilities: Float32Array
}

export const classes: AnswerKind<ClassAnswer> = {
  isExplainable: true,
  overVocabulary: false,
  activation: ({ activation }) => activation,
  // A score of one class is no more than a number.
  hasShares: ({ activation }) => activation !== 'none',
  hasRival: ({ labels }) => labels.length > 1,
  readsOn: () => false,
  question: ({ prediction: { logits, labels } }) => ({
    best: argmax(logits),
    position: null,
    choices: choicesOf(labels),
    isClosed: true,
  }),
  probability: ({ prediction }, { index }) => prediction.probabilities[index] ?? null,
  position: () => null,
  best: ({ logits, labels }) => {
    const index = argmax(logits)
    return index < 0 ? null : { index, label: labels[index] ?? `class ${index}` }
  },
  ranked: ({ prediction: { labels, logits, probabilities } }) => [{ position: null, choices: rankClasses(labels, logits, probabilities) }],
  runnerUp: ({ logits }, { index }) => {
    const order = Array.from(logits.keys()).sort((one, other) => float32At(logits, other) - float32At(logits, one))
    return order.find((other) => other !== index) ?? null
  },
  scores: ({ logits }) => logits,
  at: () => null,
}
