// What each method answers of one linear model, by hand: its values on three tokens of two components whose attention is even.

import type { AttributionMethodId } from '#catalogue/attribution-methods'

/** [3 * 2] */
export const EMBEDDINGS = Float32Array.of(1, 2, -3, 4, 0.5, -1)
/** The target is w x. */
export const WEIGHTS = Float32Array.of(2, 1, 1, -2, 0, 4)
/** Of each token: w x summed over its components. What every method gives that shares the output of a linear model. */
export const PRODUCTS = [4, -11, -4] as const

export interface MethodCase {
  readonly values: readonly number[]
  /** Decimal digits that agree, where it is not 4. */
  readonly digits?: number
}

export const METHOD_CASES: Readonly<Record<AttributionMethodId, MethodCase>> = {
  saliency: { values: [Math.sqrt(5), Math.sqrt(5), 4] },
  'signed-saliency': { values: [4 / Math.sqrt(5), -11 / 5, -4 / Math.sqrt(1.25)] },
  'input-x-gradient': { values: PRODUCTS },
  'integrated-gradients': { values: PRODUCTS },
  'expected-gradients': { values: PRODUCTS },
  smoothgrad: { values: PRODUCTS },
  'layer-gradients': { values: PRODUCTS },
  // Even attention of 1/3, whose gradient is -1, 0, 1 by key; three queries.
  'gradient-x-attention': { values: [-1, 0, 1] },
  relevance: { values: [0, 0, 1 / 3] },
  // Half of the residual stream stays with the first token, which is read.
  rollout: { values: [2 / 3, 1 / 6, 1 / 6] },
  'attention-flow': { values: [2 / 3, 1 / 6, 1 / 6] },
  // One layer that leaves its input: a token without its value vectors is changed at its own place alone, and the first is read.
  'value-zeroing': { values: [1, 0, 0] },
  'leave-one-out': { values: PRODUCTS },
  // A window of three holds all tokens.
  'sliding-window': { values: [-11, -11, -11] },
  // Opposite noise cancels.
  'embedding-noise': { values: [0, 0, 0] },
  // A ridge draws the coefficients towards zero.
  lime: { values: PRODUCTS, digits: 0 },
  'interpolated-shapley': { values: PRODUCTS },
  'partition-shapley': { values: PRODUCTS },
  'kernel-shap': { values: PRODUCTS },
  'sampled-shapley': { values: PRODUCTS },
  'exact-shapley': { values: PRODUCTS },
}
