// What attribution methods need and use.

import type { AttributionMethodId, AttributionOptions } from '#methods/attribution'

/** Methods of one backward pass: the page asks for them at every keystroke, and the engine lets them go first. */
export const LIVE_METHODS: ReadonlySet<AttributionMethodId> = new Set([
  'saliency',
  'signed-saliency',
  'input-x-gradient',
  'layer-gradients',
  'gradient-x-attention',
  'relevance',
  'rollout',
])

/** Methods that take units of the text away. */
const GAMES: ReadonlySet<AttributionMethodId> = new Set([
  'leave-one-out',
  'sliding-window',
  'lime',
  'interpolated-shapley',
  'exact-shapley',
  'sampled-shapley',
  'kernel-shap',
  'partition-shapley',
])

export const OPTION_NAMES = [
  'baseline',
  'layer',
  'removal',
  'unit',
  'noise',
  'features',
] as const satisfies readonly (keyof AttributionOptions)[]

/** Methods that an option changes something for. */
export const USING: Readonly<Record<keyof AttributionOptions, ReadonlySet<AttributionMethodId>>> = {
  baseline: new Set(['integrated-gradients']),
  layer: new Set(['layer-gradients']),
  removal: GAMES,
  unit: GAMES,
  noise: new Set(['embedding-noise']),
  features: new Set(['lime']),
}

/** The options that a method uses, in one order; null for those that change nothing for it. */
export function usedOptions(method: AttributionMethodId, options: AttributionOptions): readonly (string | number | null)[] {
  return OPTION_NAMES.map((name) => (USING[name].has(method) ? options[name] : null))
}

/** Methods that a model serves without gradients. */
export const WITHOUT_GRADIENTS = GAMES
