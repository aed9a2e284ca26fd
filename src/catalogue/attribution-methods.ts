// Attribution methods in the order in which they are offered; the ids are the values in links. What each does is in src/methods.

import { type AttributionOptions, DEFAULT_OPTIONS } from './attribution-options.ts'
import { idsOf } from './ids-of.ts'

/** What a method looks at, in the order in which the families are offered. */
export const METHOD_FAMILIES = ['perturbation', 'gradient', 'attention'] as const
export type MethodFamily = (typeof METHOD_FAMILIES)[number]

export interface MethodDescriptor {
  readonly family: MethodFamily
  /** What it is made of: forward passes, or forward and backward ones. */
  readonly passes: 'forward' | 'backward'
  /** Whether it takes one backward pass: the page asks for it at every keystroke, and the engine lets it go first. */
  readonly live: boolean
  /** What it needs of a model besides running it: a target's gradients, embeddings that can be fed, or value vectors that can be zeroed. */
  readonly needs: readonly ('gradients' | 'embeddings' | 'values')[]
  /** The options that change something for it. */
  readonly options: readonly (keyof AttributionOptions)[]
  /** What it answers besides one value a token. */
  readonly gives?: 'layers' | 'surrogate'
}

const ROWS = {
  'leave-one-out': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  'interpolated-shapley': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  'sliding-window': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  'embedding-noise': { family: 'perturbation', passes: 'forward', live: false, needs: ['embeddings'], options: ['noise'] },
  lime: { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit', 'features'], gives: 'surrogate' },
  'partition-shapley': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  'kernel-shap': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  'sampled-shapley': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  'exact-shapley': { family: 'perturbation', passes: 'forward', live: false, needs: [], options: ['removal', 'unit'] },
  saliency: { family: 'gradient', passes: 'backward', live: true, needs: ['gradients'], options: [] },
  'signed-saliency': { family: 'gradient', passes: 'backward', live: true, needs: ['gradients'], options: [] },
  'input-x-gradient': { family: 'gradient', passes: 'backward', live: true, needs: ['gradients'], options: [] },
  'integrated-gradients': { family: 'gradient', passes: 'backward', live: false, needs: ['gradients'], options: ['baseline'] },
  'expected-gradients': { family: 'gradient', passes: 'backward', live: false, needs: ['gradients'], options: [] },
  smoothgrad: { family: 'gradient', passes: 'backward', live: false, needs: ['gradients'], options: [] },
  'layer-gradients': { family: 'gradient', passes: 'backward', live: true, needs: ['gradients'], options: ['layer'], gives: 'layers' },
  'gradient-x-attention': { family: 'attention', passes: 'backward', live: true, needs: ['gradients'], options: [] },
  relevance: { family: 'attention', passes: 'backward', live: true, needs: ['gradients'], options: [] },
  rollout: { family: 'attention', passes: 'backward', live: true, needs: ['gradients'], options: [] },
  'attention-flow': { family: 'attention', passes: 'backward', live: false, needs: ['gradients'], options: [] },
  'value-zeroing': { family: 'attention', passes: 'forward', live: false, needs: ['values'], options: [] },
} as const satisfies Record<string, MethodDescriptor>

export type AttributionMethodId = keyof typeof ROWS

export const METHODS: Readonly<Record<AttributionMethodId, MethodDescriptor>> = ROWS

export const ATTRIBUTION_METHODS = idsOf(METHODS)

/** Asked before all others and let go first in the engine: the answer that a reader sees first. */
export const FIRST_METHOD: AttributionMethodId = 'leave-one-out'

/** Methods by family, in the order in which they are offered. */
export const METHOD_GROUPS = METHOD_FAMILIES.map((family) => ({
  family,
  methods: ATTRIBUTION_METHODS.filter((method) => METHODS[method].family === family),
}))

/** Whether a method follows every keystroke. */
export function isLive(method: AttributionMethodId): boolean {
  return METHODS[method].live
}

/** Whether a method needs the graph with gradients, which is also the one that takes embeddings. */
export function needsGradients(method: AttributionMethodId): boolean {
  return METHODS[method].needs.some((need) => need !== 'values')
}

/** Whether a model has what a method needs of its graph, whatever it was loaded with. @param found parts that were recognised */
export function isOffered(method: AttributionMethodId, found: { readonly values: boolean }): boolean {
  return found.values || !METHODS[method].needs.includes('values')
}

/** Options that change something for one of the methods, in one order. */
export function optionsInUse(methods: readonly AttributionMethodId[]): ReadonlySet<keyof AttributionOptions> {
  return new Set(OPTION_NAMES.filter((option) => methods.some((method) => METHODS[method].options.includes(option))))
}

const OPTION_NAMES = Object.keys(DEFAULT_OPTIONS) as (keyof AttributionOptions)[]

/** What a method is asked with, in one order; null for the options that change nothing for it. */
export function usedOptions(method: AttributionMethodId, options: AttributionOptions): readonly (string | number | null)[] {
  return OPTION_NAMES.map((name) => (METHODS[method].options.includes(name) ? options[name] : null))
}
