// What the page asks about the answer as a whole: which words it rests on, and the fewest without which it is another.

import type { TargetChoice } from '#answers/answer-kind'
import type { Removal } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'

export interface HeadlineApi {
  /** Partial answers hold what is known so far: words still to come are NaN. */
  readonly headline: Call<HeadlineRequest, Headline, Headline>
  /** How little a language model expected each token. */
  readonly surprise: Call<{ readonly input: ModelInput }, Surprise, Surprise>
}

export interface Surprise {
  /** [T] -log2 p(token | tokens before it); NaN for the first token and where still to come. */
  readonly bits: Float32Array
  readonly left: number
}

export interface HeadlineRequest {
  readonly input: ModelInput
  /** What the tint is for; the claims are about what the model itself answers there. */
  readonly target: AttributionTarget
  /** `first`: no more units than one turn of the runtime takes, and no claim. */
  readonly extent: 'first' | 'all'
}

export interface Headline {
  /** Tokens of each unit: words, or passages of a long text. */
  readonly units: readonly (readonly number[])[]
  readonly unit: 'word' | 'passage'
  /** [units] f(text) - f(text without the unit): what the target loses. NaN where still to come. */
  readonly drops: Float32Array
  /** How units were taken away for `drops`. */
  readonly removal: Removal
  /** The target's number for the whole text. */
  readonly output: number
  readonly answer: Answer
  readonly claim: Claim
  /** Passes still to come, about; 0 when it is settled. */
  readonly left: number
}

/** What the model answers, and how likely it says that is, 0..1; NaN for scores that are no probabilities. */
export interface Answer extends TargetChoice {
  readonly probability: number
}

/** Units that were taken away together, and what was answered then. */
export interface Without {
  readonly units: readonly number[]
  readonly removal: Removal
  readonly answer: Answer
  /** The probability of the answer that the whole text has. */
  readonly before: number
}

export type Claim =
  | { readonly kind: 'unknown' }
  /** Each of these, deleted alone, turns the answer over; at least one, those first that the answer rests on most. */
  | { readonly kind: 'each'; readonly without: readonly Without[] }
  /** These turn it over together, and none of them alone. */
  | { readonly kind: 'together'; readonly without: Without }
  /** No unit alone, taken away by `without.removal`, turns it over; this one moves the answer most. */
  | { readonly kind: 'none-alone'; readonly without: Without }
  /** A unit turns it over when it is masked, and none that was deleted does. */
  | { readonly kind: 'masked'; readonly without: Without }
  /** The model's number has no rival: what each unit adds is all there is to say. */
  | { readonly kind: 'number' }
  | { readonly kind: 'nothing-to-remove' }
