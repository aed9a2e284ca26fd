// What is read inside a language model: its residual stream at every layer, who wrote a logit, and what its heads look at.

import type { HeadRole } from '#methods/inside/head-roles'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'

export interface InsideApi {
  /** Partial answers are columns, that of the asked position first. */
  readonly logitLens: Call<LensGridRequest, LensColumn, LogitLens>
  readonly jacobianLens: Call<LensRequest, null, JacobianLens>
  readonly logitAttribution: Call<LensRequest, null, LogitAttribution>
  readonly headRoles: Call<HeadRolesRequest, null, MeasuredRoles>
}

export interface LensRequest {
  readonly input: ModelInput
  /** Counted from 0; null for where the model answers: a mask, or the end. */
  readonly position: number | null
  /** Id; null for the most likely token there. */
  readonly target: number | null
  /** Id of the token that the target is compared with; null for none. */
  readonly foil: number | null
}

export interface LensGridRequest extends LensRequest {
  /** Positions that are read at most, the asked one and those before it first; null for all. */
  readonly most: number | null
}

export interface ReadToken {
  readonly id: number
  readonly piece: string
  /** What a reader sees, leading space included. */
  readonly label: string
}

/** What is asked about, as it was found. */
export interface LensAim {
  readonly position: number
  readonly target: ReadToken
  readonly foil: ReadToken | null
}

export interface LensCell {
  readonly top: ReadToken
  /** Of the top token, 0..1. */
  readonly probability: number
  /** In nats. */
  readonly entropy: number
  /** KL(final || lens), in nats. */
  readonly divergence: number
  readonly target: AskedCell
  readonly foil: AskedCell | null
}

export interface AskedCell {
  readonly logProbability: number
  /** 1 for the most likely token. */
  readonly rank: number
  readonly score: number
}

/** A position at every layer: what each layer begins with, and last what the model answers. */
export interface LensColumn extends LensAim {
  /** Where the cells stand; `position` is what is asked about. */
  readonly at: number
  readonly cells: readonly LensCell[]
}

export interface LogitLens extends LensAim {
  /** In the order of the text. */
  readonly columns: readonly LensColumn[]
}

/**
 * Products of each state at the position with the gradient there of the target's logit, or of the difference from the foil's: what the
 * layers after it make of that state in this text, to first order. One more than layers.
 */
export interface JacobianLens extends LensAim {
  /** The final norm's scale held; the last is the logit but for what no state decides. */
  readonly scaleHeld: readonly number[]
  /** Through the final norm; the last is 0, as a norm does not see how long a state is. */
  readonly throughNorm: readonly number[]
}

/** Shares of the target's logit, or of its difference from the foil's, the final norm's scale held. */
export interface LogitAttribution extends LensAim {
  readonly embedding: number
  /** [layers][heads] */
  readonly heads: readonly (readonly number[])[]
  /** [layers]: of the attention's output projection. */
  readonly biases: readonly number[]
  readonly mlps: readonly number[]
  /** Of the final norm's shift and the output head's bias: the same for every text. */
  readonly constant: number
  readonly sum: number
  /** What the model itself answers. */
  readonly difference: number
  /** What the final norm divides the stream by. */
  readonly scale: number
}

export interface HeadRolesRequest {
  readonly input: ModelInput
  /** A seed for a text of random tokens, said twice, in place of the input; null for the input. */
  readonly random: number | null
}

export interface MeasuredRoles {
  /** [layers][heads] of each role; NaN where no token stands twice. */
  readonly roles: Readonly<Record<HeadRole, readonly (readonly number[])[]>>
  /** Tokens of which the same stands before. */
  readonly copies: number
  readonly tokens: readonly ReadToken[]
}
