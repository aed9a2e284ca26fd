// Direct logit attribution: with the final norm's scale held, a logit is a sum over what the embedding, every head and every MLP wrote into
// the residual stream (Elhage et al., "A Mathematical Framework for Transformer Circuits", 2021). It tells the direct way alone: what a
// component does by way of later ones is counted there.

import { elementAt, float32At } from '#tensor/vector'

/** What was written into the stream at one position, [d] each. */
export interface StreamParts {
  readonly embedding: Float32Array
  /** [layers][heads], without biases. */
  readonly heads: readonly (readonly Float32Array[])[]
  /** [layers]: of the output projection; zeros where there is none. */
  readonly biases: readonly Float32Array[]
  /** [layers] */
  readonly mlps: readonly Float32Array[]
}

/** In the unit of the logits. */
export interface LogitShares {
  readonly embedding: number
  /** [layers][heads] */
  readonly heads: readonly (readonly number[])[]
  readonly biases: readonly number[]
  readonly mlps: readonly number[]
}

/** @param gradient [d]: of the target's logit, or the difference of two, at the end of the stream, the norm's scale held */
export function logitShares({ embedding, heads, biases, mlps }: StreamParts, gradient: Float32Array): LogitShares {
  const share = (part: Float32Array): number => product(part, gradient)
  return { embedding: share(embedding), heads: heads.map((layer) => layer.map(share)), biases: biases.map(share), mlps: mlps.map(share) }
}

/** Sum of all shares: the logit, but for what the final norm's shift and the head's bias add. */
export function sumOfShares({ embedding, heads, biases, mlps }: LogitShares): number {
  return [embedding, ...heads.flat(), ...biases, ...mlps].reduce((sum, value) => sum + value, 0)
}

/** Largest difference of the parts' sum from the state that they should add up to, relative to its largest component. */
export function gapOfSum({ embedding, heads, biases, mlps }: StreamParts, state: Float32Array): number {
  const parts = [embedding, ...heads.flat(), ...biases, ...mlps]
  let [gap, largest] = [0, 0]
  for (let at = 0; at < state.length; at++) {
    const sum = parts.reduce((total, part) => total + float32At(part, at), 0)
    gap = Math.max(gap, Math.abs(sum - float32At(state, at)))
    largest = Math.max(largest, Math.abs(float32At(state, at)))
  }
  return gap / largest
}

export function product(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += elementAt(one, at) * elementAt(other, at)
  return sum
}
