// The mean of the last hidden state over all tokens: inputs are compared by the angle between theirs.

import { cosine } from '#tensor/vector'
import type { AnswerKind } from './answer-kind.ts'

export interface EmbeddingAnswer {
  readonly kind: 'embedding'
  readonly vector: Float32Array
}

export const embedding: AnswerKind<EmbeddingAnswer> = {
  isExplainable: false,
  overVocabulary: false,
  activation: () => 'none',
  hasShares: () => false,
  hasRival: () => false,
  readsOn: () => false,
  question: () => null,
  probability: () => null,
  position: () => null,
  best: () => null,
  ranked: () => [],
  runnerUp: () => null,
  scores: () => null,
  at: () => null,
}

/** Cosine of the angle between two inputs' mean hidden states, -1..1; null where one has no direction, or where their widths differ. */
export function similarityOf({ vector: one }: EmbeddingAnswer, { vector: other }: EmbeddingAnswer): number | null {
  if (one.length !== other.length) return null
  const similarity = cosine(one, other)
  return Number.isNaN(similarity) ? null : similarity
}
