// One layer's attention as one matrix that counts the residual stream, too.

import { float32At, float64At } from '#tensor/vector'

/** Attention of a layer: [heads, T, T]. */
export interface LayerAttention {
  readonly heads: number
  readonly values: Float32Array
}

/**
 * [T,T]: half the mean over heads, half the identity, rows scaled to add up to 1 (Abnar & Zuidema, 2020, section 3). Row = query.
 */
export function mixedAttention({ heads, values }: LayerAttention, tokens: number): Float64Array {
  const mixed = new Float64Array(tokens * tokens)
  const size = tokens * tokens
  for (let at = 0; at < heads * size; at++) mixed[at % size] = float64At(mixed, at % size) + float32At(values, at) / heads / 2
  for (let row = 0; row < tokens; row++) {
    mixed[row * (tokens + 1)] = float64At(mixed, row * (tokens + 1)) + 0.5
    const own = mixed.subarray(row * tokens, (row + 1) * tokens)
    const sum = own.reduce((total, value) => total + value, 0)
    for (let column = 0; column < tokens; column++) own[column] = float64At(own, column) / sum
  }
  return mixed
}

/** [T]: the rows of [T,T] as the answer reads them. @param readOut [T] share of each row */
export function readRow(matrix: Float64Array, readOut: Float32Array): Float32Array {
  const tokens = readOut.length
  return Float32Array.from({ length: tokens }, (_, column) =>
    readOut.reduce((sum, share, row) => sum + share * float64At(matrix, row * tokens + column), 0),
  )
}
