// What is read inside a model: the way from a token to the answer, the residual stream at every layer, who wrote a logit, and what heads
// look at.

import type { HeadGroup, RecomputedHead } from '#methods/inside/attention-head'
import type { HeadRole } from '#methods/inside/head-roles'
import type { Call } from '#protocol/messages'
import type { ModelInput } from '#protocol/prediction'

export interface InsideApi {
  /** Partial answers are columns, that of the asked position first. */
  readonly logitLens: Call<LensGridRequest, LensColumn, LogitLens>
  readonly jacobianLens: Call<LensRequest, null, JacobianLens>
  readonly logitAttribution: Call<LensRequest, null, LogitAttribution>
  readonly headRoles: Call<HeadRolesRequest, null, MeasuredRoles>
  /** Partial answers count the layers that were read. */
  readonly copying: Call<HeadRolesRequest, number, CopyingScores>
  readonly inferencePath: Call<PathRequest, null, InferencePath>
  readonly headDetail: Call<HeadDetailRequest, null, HeadDetail>
}

export interface PathRequest {
  readonly input: ModelInput
  /** Counted from 0; null for where the model answers: a mask, the end, or the first token of a model that looks both ways. */
  readonly position: number | null
}

/** How the token at one position becomes an answer: lengths (L2 norms) of what is on the way. */
export interface InferencePath {
  readonly position: number
  readonly tokens: readonly ReadToken[]
  readonly heads: number
  /** d, components of a state; 0 where the stream was not recognised. */
  readonly width: number
  /** Of the row of the embedding table; null where the table was not recognised. */
  readonly embedding: number | null
  /** [L+1,T]: of the stream as each layer begins with it, and last as it ends; empty where it was not recognised. */
  readonly norms: Float32Array
  /** [L+1]: of the angle between the stream at the position and what it is at last, -1..1. */
  readonly cosines: readonly number[]
  readonly layers: readonly PathLayer[]
  /** [L,H,T]: what each head looks at from the position, 0..1. */
  readonly attention: Float32Array
  /** Of the last state after the final norm; null where none was recognised. */
  readonly final: number | null
  /** Most likely first; null for a model without an answer at a position. */
  readonly answer: readonly PathCandidate[] | null
}

/** Lengths of what is added to the stream at the position; null where that was not recognised. */
export interface PathLayer {
  readonly attention: number | null
  readonly mlp: number | null
  /** [H]: of each head by itself, without the projection's bias. */
  readonly heads: readonly number[] | null
}

export interface PathCandidate {
  readonly label: string
  readonly logit: number
  /** null for a model whose scores are none of a distribution. */
  readonly probability: number | null
}

export interface HeadDetailRequest {
  readonly input: ModelInput
  readonly layer: number
  readonly head: number
}

/** All that one head computes for a text, and the same recomputed from queries, keys and values in double precision. */
export interface HeadDetail extends Pick<RecomputedHead, 'form' | 'bias' | 'gaps'> {
  readonly layer: number
  readonly head: number
  readonly heads: number
  readonly tokens: readonly ReadToken[]
  /** Components of a query and a key; of a value. */
  readonly width: number
  readonly valueWidth: number
  /** [T,d], [T,d], [T,dv]: as they enter the products, rotated where positions are told by that. */
  readonly query: Float32Array
  readonly key: Float32Array
  readonly value: Float32Array
  /** [T,dv] */
  readonly output: Float32Array
  /** [T,T]: q.k */
  readonly products: Float64Array
  /** By which q.k is multiplied; null where the model does something else to it. */
  readonly factor: number | null
  /** c, where the model has c tanh(factor x q.k / c) in its place; null where it has not. */
  readonly cap: number | null
  /** By which queries and keys were multiplied before, together. */
  readonly before: number
  /** [T,T]: what the softmax gets, as the model has it; -Infinity where masked. */
  readonly scores: Float32Array
  /** [T,T]: what is in the scores besides factor x q.k; -Infinity where masked. */
  readonly added: Float64Array
  /** [T,T]: as the model has them. */
  readonly weights: Float32Array
  readonly group: HeadGroup
  /** Whether the model computes in float16, so that less agreement is to be expected. */
  readonly isHalf: boolean
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

export interface CopyingScores {
  /** [layers][heads]: share of the tokens that a head, looking at one alone, raises above all others of the text. */
  readonly scores: readonly (readonly number[])[]
  /** Different tokens that were looked at; by chance a score is 1 / tokens. */
  readonly tokens: number
}
