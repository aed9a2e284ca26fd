// One token seen by every head: where it looks, and who looks at it.

import { float32At } from '#tensor/vector'
import type { AttentionRun } from './attention.ts'
import { AttentionError } from './attention-error.ts'

/** Attention from and to one token, each [layers, heads, T]. */
export interface TokenFocus {
  readonly token: number
  readonly layers: number
  readonly heads: number
  readonly tokens: number
  /** attention(token -> j) */
  readonly from: Float32Array
  /** attention(i -> token) */
  readonly to: Float32Array
}

/**
 * Row and column of a token in every head.
 * @throws AttentionError `no-such-token`; `uneven-heads` when layers differ in their number of heads
 */
export function tokenFocus(run: AttentionRun, token: number): TokenFocus {
  const { tokens, layers } = run
  if (!Number.isInteger(token) || token < 0 || token >= tokens) throw new AttentionError('no-such-token', { token, tokens })
  const heads = layers[0]?.heads ?? 0
  const from = new Float32Array(layers.length * heads * tokens)
  const to = new Float32Array(from.length)
  layers.forEach((layer, index) => {
    if (layer.heads !== heads) throw new AttentionError('uneven-heads', { layer: index, heads: layer.heads, expected: heads })
    for (let head = 0; head < heads; head++) {
      const matrix = head * tokens * tokens
      const out = (index * heads + head) * tokens
      for (let i = 0; i < tokens; i++) {
        from[out + i] = float32At(layer.data, matrix + token * tokens + i)
        to[out + i] = float32At(layer.data, matrix + i * tokens + token)
      }
    }
  })
  return { token, layers: layers.length, heads, tokens, from, to }
}
