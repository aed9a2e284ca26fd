// What a model answers to an input.

import type { TokenEdit } from '#text/edit'

/** What is explained: a typed text and the edits of its tokens. */
export interface ModelInput {
  readonly text: string
  readonly edits: readonly TokenEdit[]
  /** The text stands as a reader's message in the model's chat template. */
  readonly chat?: true
}

/** How scores become shares: exclusive classes, independent ones, or numbers that are none. */
export type Activation = 'softmax' | 'sigmoid' | 'none'

/** Scores of classes. */
export interface ClassAnswer {
  readonly kind: 'classes'
  readonly activation: Activation
  readonly labels: readonly string[]
  readonly logits: Float32Array
  /** Of `activation`; empty for `none`. */
  readonly probabilities: Float32Array
}

/** Scores of classes for each token. */
export interface TagAnswer {
  readonly kind: 'tags'
  readonly labels: readonly string[]
  /** [T, labels] */
  readonly logits: Float32Array
  /** [T, labels], each row sums to 1. */
  readonly probabilities: Float32Array
}

/** Tokens that the vocabulary's scores favour: what comes next, or what a masked place held. */
export interface TokenAnswer {
  readonly kind: 'tokens'
  readonly asks: 'next' | 'fill'
  /** The positions that the model is asked about by itself: the last one, or each mask. Others by `ModelApi.answer`. */
  readonly positions: readonly PositionAnswer[]
}

export interface PositionAnswer {
  /** Index of the token after which (next) or in whose place (fill) the candidates stand. */
  readonly position: number
  /** Most likely first. */
  readonly candidates: readonly Candidate[]
  /** Entropy of the whole distribution, in nats. */
  readonly entropy: number
}

export interface Candidate {
  readonly id: number
  /** The vocabulary's own spelling. */
  readonly piece: string
  /** What a reader sees, leading space included. */
  readonly label: string
  readonly logit: number
  readonly probability: number
}

/** The mean of the last hidden state over all tokens: inputs are compared by the angle between theirs. */
export interface EmbeddingAnswer {
  readonly kind: 'embedding'
  readonly vector: Float32Array
}

export type Prediction = ClassAnswer | TagAnswer | TokenAnswer | EmbeddingAnswer
