// What one run tells of a model that its graph alone does not: how many heads a layer has, and whether tokens see only those before them.

import { sizeOf } from '#tensor/tensor'
import { float32At } from '#tensor/vector'
import { EngineError } from '../error.ts'

export interface AttentionLayout {
  /** Of the first layer. */
  readonly heads: number
  /** No token of any layer attends to one after it. */
  readonly causal: boolean
}

interface AttentionLayer {
  /** [1,H,T,T] or [H,T,T] */
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Weights below this are none: masks in use are large finite numbers, and their softmax underflows to zero in every precision. */
const NO_WEIGHT = 1e-6

/** @throws EngineError `attention-shape` where a layer does not weigh every token by every token */
export function detectAttention(layers: readonly AttentionLayer[], tokens: number): AttentionLayout {
  layers.forEach(({ dims }, layer) => {
    if (dims.at(-1) === tokens && dims.at(-2) === tokens) return
    const shape = dims.join(' × ')
    throw new EngineError('attention-shape', `The attention of layer ${layer + 1} is ${shape} for ${tokens} tokens.`, {
      layer: layer + 1,
      shape,
      tokens,
    })
  })
  return { heads: sizeOf(layers[0]?.dims.slice(0, -2) ?? [0]), causal: tokens > 1 && layers.every(({ data }) => looksBack(data, tokens)) }
}

function looksBack(data: Float32Array, tokens: number): boolean {
  for (let at = 0; at < data.length; at++) {
    const key = at % tokens
    const query = Math.floor(at / tokens) % tokens
    if (key > query && float32At(data, at) > NO_WEIGHT) return false
  }
  return true
}
