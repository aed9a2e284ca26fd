// Attention times the target's gradient: how much of the target hangs on each cell.

import type { AttentionGradients } from '../method.ts'
import type { AttentionRun } from './attention.ts'

/** Element by element, signed, in units of the target; not probabilities, so rows add up to nothing in particular. */
export function gradientAttention(layers: AttentionGradients['layers'], tokens: number): AttentionRun {
  return {
    tokens,
    layers: layers.map(({ heads, values, gradient }) => ({ heads, data: values.map((value, at) => value * (gradient[at] ?? 0)) })),
  }
}

/** Over all layers and heads. */
export function largestMagnitude({ layers }: AttentionRun): number {
  return layers.reduce((largest, { data }) => data.reduce((most, value) => Math.max(most, Math.abs(value)), largest), 0)
}
