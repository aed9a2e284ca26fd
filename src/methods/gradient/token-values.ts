// From numbers of embeddings to one number a token.

import { float32At } from '#tensor/vector'

/** Sum over d of the products of two [T,d]: [T], in double precision. */
export function tokenProducts(left: Float32Array, right: Float32Array, tokens: number): Float64Array {
  const sums = new Float64Array(tokens)
  const width = left.length / tokens
  for (let token = 0; token < tokens; token++) {
    let sum = 0
    for (let at = token * width; at < (token + 1) * width; at++) sum += float32At(left, at) * float32At(right, at)
    sums[token] = sum
  }
  return sums
}

/** Euclidean length of each row of [T,d]: [T]. */
export function tokenNorms(values: Float32Array, tokens: number): Float32Array {
  return Float32Array.from(tokenProducts(values, values, tokens), Math.sqrt)
}

/** One array less another of its length. */
export function difference(left: Float32Array, right: Float32Array): Float32Array {
  return left.map((value, at) => value - float32At(right, at))
}
