// A change of what a layer computes: an activation, or a part of it, scaled towards what is given in its place.

import type { ActivationSite } from '#catalogue/interventions'

/** What a site of one layer gives for a text, [heads, tokens, width]; one head where it has none. */
export interface Activation {
  readonly heads: number
  readonly tokens: number
  readonly width: number
  readonly data: Float32Array
}

export interface ActivationChange {
  readonly site: ActivationSite
  readonly layer: number
  /** Which heads; null for all. */
  readonly heads: readonly number[] | null
  /** Which position; null for all. */
  readonly position: number | null
  /** How much of the activation stays: x becomes scale * x + (1 - scale) * given. */
  readonly scale: number
  /** What stands in its place; null for nothing, which is zero. */
  readonly given: Activation | null
  /** How many heads the activation has. */
  readonly count: number
}

/** A part of the model that can be switched off by itself. */
export interface ModelPart {
  readonly kind: 'head' | 'attention' | 'mlp'
  readonly layer: number
  /** null for what is no head. */
  readonly head: number | null
}

/** A part and how much of it is left: 1 for all of it, 0 for none, below 0 for its opposite. */
export interface Gate {
  readonly part: ModelPart
  readonly scale: number
}
