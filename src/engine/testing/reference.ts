// Golden values of the embedded model, and how far off others are.

import type { AttentionMatrix } from '#methods/attention/attention'
import reference from '../../../fixtures/minilm-reference.json'

export interface ReferenceSentence {
  readonly text: string
  readonly ids: readonly number[]
  readonly logits: { readonly data: readonly number[] }
  /** [layers, heads, T, T] */
  readonly attentions: { readonly dims: readonly number[]; readonly data: readonly number[] }
}

export const referenceSentences: readonly ReferenceSentence[] = reference.items

/** Largest |actual - expected|; Infinity where lengths differ or a value is not a number. */
export function largestGap(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let gap = 0
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN))
    gap = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(gap, difference)
  }
  return gap
}

/** The matrices of all heads in the order of the reference. */
export function flatten(matrices: readonly AttentionMatrix[]): Float32Array {
  const flat = new Float32Array(matrices.reduce((sum, { data }) => sum + data.length, 0))
  let at = 0
  for (const { data } of matrices) {
    flat.set(data, at)
    at += data.length
  }
  return flat
}
