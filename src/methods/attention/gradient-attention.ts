// Attention times the target's gradient: how much of the target hangs on each cell.

import { float32At, largestMagnitude } from '#tensor/vector'
import type { AttentionGradients } from '../method.ts'
import type { AttentionRun } from './attention.ts'

/** Element by element, signed, in units of the target; not probabilities, so rows add up to nothing in particular. */
export function gradientAttention(layers: AttentionGradients['layers'], tokens: number): AttentionRun {
  return {
    tokens,
    layers: layers.map(({ heads, values, gradient }) => ({ heads, data: values.map((value, at) => value * float32At(gradient, at)) })),
  }
}

/** The largest magnitude over all layers and heads. */
export function gradientAttentionScale({ layers }: AttentionRun): number {
  return layers.reduce((largest, { data }) => Math.max(largest, largestMagnitude(data)), 0)
}
