// What an attribution method is asked and what it answers: how much each token contributed to a target.

import type { AttributionMethodId } from '#catalogue/attribution-methods'
import type { Removal, TargetSpace, Unit } from '#catalogue/attribution-options'

export interface AttributionTarget {
  /** A class, or a token of the vocabulary. */
  readonly index: number
  /** The target is the number of `index` less that of `foil`; null for `index` alone. */
  readonly foil: number | null
  /** Where a language model is asked; null for models with one answer. */
  readonly position: number | null
  readonly space: TargetSpace
}

/** What was taken away at once, and how. */
export interface TakenAway {
  readonly unit: Unit
  readonly removal: Removal
  /** Tokens of each unit; tokens that are in none always stay. */
  readonly units: readonly (readonly number[])[]
  /** What stands in the place of each unit's tokens, as a reader sees it; null where nothing does, or no word. */
  readonly instead: readonly (readonly string[])[] | null
}

/** A linear model of which units are there, fitted to samples near the text. */
export interface Surrogate {
  /** Tokens of each unit. */
  readonly units: readonly (readonly number[])[]
  /** [samples, units]: 1 where a unit is there; the first sample is the whole text. */
  readonly coalitions: Uint8Array
  /** [samples]: the target's number of the model that is explained, and of the linear one. */
  readonly outputs: Float32Array
  readonly fitted: Float32Array
  /** [samples]: how much each counts in the fit, by its likeness to the text, from 0 to 1. */
  readonly weights: Float32Array
  /** [units]: what the linear model gives for a unit that is there; 0 for those that it does not use. */
  readonly coefficients: Float32Array
  readonly intercept: number
}

/** Why the values mean less than they should. */
export type AttributionDoubt =
  /** Almost all of the change lies in the first steps away from the baseline: another baseline is needed, more steps do not help. */
  | 'sharp-baseline'
  /** A text without any token cannot be run: where all units are away, the first token stays, and sums are from there. */
  | 'first-token-stays'
  /** The sum is still further from what it should be than the tolerance. */
  | 'incomplete'

export interface Attribution {
  readonly method: AttributionMethodId
  readonly target: AttributionTarget
  /** [T]; norms are not negative, contributions are signed. Of tokens that were taken away together, equal shares of what their unit did. */
  readonly values: Float32Array
  readonly isSigned: boolean
  /** [T]: standard errors of the values, where they are means over samples, shared alike; else null. */
  readonly errors: Float32Array | null
  /** [L+1, T]: the values at every point of the residual stream, where the method has them; else null. */
  readonly layers: Float32Array | null
  /** The target's number for the input. */
  readonly output: number
  /** What signed values should add up to, where the method promises it; else null. */
  readonly expectedSum: number | null
  /** null for methods that take nothing away. */
  readonly taken: TakenAway | null
  /** Forward and backward passes that the values are made of so far, each of one row. */
  readonly runs: number
  /** Of these, passes that other methods had made before. */
  readonly known: number
  /** Passes that are still expected; 0 when done, null where what is left takes none, or is not known. */
  readonly left: number | null
  readonly ms: number
  readonly doubts: readonly AttributionDoubt[]
  /** Numbers about the answer by name, such as how well a surrogate fits; empty for most methods. */
  readonly figures: Readonly<Record<string, number>>
  /** The linear model that the values are coefficients of; null for methods without one. */
  readonly surrogate: Surrogate | null
}
