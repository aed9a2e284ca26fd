// What the page asks about how a text goes on.

import type { CutName, SamplingRules } from '#methods/generation/sampling'
import type { Call } from '#protocol/messages'
import type { CacheRefusal } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import type { TokenEdit } from '#text/edit'

export interface GenerateApi {
  /** Partial answers are the steps, one by one. */
  readonly generate: Call<GenerateRequest, Grown, Generated>
  /** What a reader would type to have these tokens. */
  readonly typed: Call<Branch, null, Typed>
}

/** A text and tokens that stand behind it, or in the places of its first masks. */
export interface Branch {
  readonly input: ModelInput
  /** Ids; none for the text itself. */
  readonly behind: readonly number[]
}

export interface GenerateRequest extends Branch {
  readonly rules: SamplingRules
  /** Whole number; the same one draws the same tokens. */
  readonly seed: number
  /** Tokens to add at most; 0 to hear only what may come next. */
  readonly count: number
}

/**
 * Whether keys and values of earlier tokens are kept, by the file's own inputs or by inputs that were added to its graph; else each token
 * costs a pass over all before it: there is no cache, or the model answers otherwise with one. A masked model reads the whole text for
 * every mask.
 */
export type CacheUse = 'kept' | 'added' | 'none' | 'differs' | 'masked'

export interface Grown {
  readonly step: Step
  readonly cache: CacheUse
  readonly lacking: CacheRefusal | null
  /** Time that the step took. */
  readonly ms: number
}

export interface Generated {
  readonly steps: readonly Step[]
  /** What may come behind the last step; null where no mask is left. */
  readonly next: Choice | null
  /** Why nothing more was added. */
  readonly ended: 'count' | 'end-token' | 'longest' | 'filled'
  readonly cache: CacheUse
  readonly lacking: CacheRefusal | null
}

/** A token as the page names it. */
export interface NamedToken {
  readonly id: number
  readonly piece: string
  /** What a reader sees, leading space included. */
  readonly label: string
}

/** A token that was added, and what it was chosen from. */
export interface Step {
  readonly token: NamedToken
  /** 0..1, as the model says it: temperature 1, without cuts. */
  readonly probability: number
  /** 1 for the most likely token. */
  readonly rank: number
  readonly choice: Choice
}

export interface Choice {
  /** Most likely first; the vocabulary's others are in `others`. */
  readonly candidates: readonly ChoiceCandidate[]
  /** Probability of all tokens that are no candidates. */
  readonly others: number
  /** Of the model's own distribution, in nats. */
  readonly entropy: number
  /** Tokens that all rules together leave. */
  readonly kept: number
  /** What each cut does by itself, at the temperature; those that are off are left out. */
  readonly cuts: readonly CutResult[]
  /** The token that the rules draw here. */
  readonly drawn: NamedToken
}

export interface ChoiceCandidate extends NamedToken {
  /** The model's own: temperature 1, without cuts. */
  readonly probability: number
  /** At the temperature, without cuts. */
  readonly shaped: number
  /** Probability of being drawn; 0 for what is cut off. */
  readonly final: number
}

export interface CutResult {
  readonly name: CutName
  /** Tokens that it leaves. */
  readonly kept: number
  /** For each candidate. */
  readonly keeps: readonly boolean[]
  readonly drawn: NamedToken
}

export interface Typed {
  /** The whole text, and its edits: those of the input, and a masked model's filled masks. */
  readonly text: string
  readonly edits: readonly TokenEdit[]
  /** The mask that comes next; null behind a text. */
  readonly mask: number | null
  /** Whether the model would read the very same tokens of it. */
  readonly same: boolean
  /** Whether the page reads no text of that length. */
  readonly tooLong: boolean
}
