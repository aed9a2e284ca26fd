import type { SideAnswer } from '#state/app-state'
import type { TokenTint } from '#state/token-tint'

/**
 * How strongly each token of a side is tinted, 0..1: the attention of `token` to it in the matrices on screen, or, with no
 * token, the attention it gets from all tokens on average.
 */
export function attentionTint({ matrices }: SideAnswer, token: number | null): TokenTint | null {
  const tokens = matrices[0]?.tokens
  if (tokens === undefined) return null
  const tint = new Float32Array(tokens)
  for (const { data } of matrices) {
    for (let i = 0; i < tokens; i++) {
      if (token !== null && i !== token) continue
      for (let j = 0; j < tokens; j++) tint[j] = (tint[j] ?? 0) + (data[i * tokens + j] ?? 0)
    }
  }
  const rows = matrices.length * (token === null ? tokens : 1)
  return { kind: 'share', values: new Map(tint.map((sum) => sum / rows).entries()), groups: [], leastFull: Number.MIN_VALUE }
}
