// Whether a head copies: what it writes when it looks at one token alone raises that token's own logit above those of the others (Wang et al.,
// "Interpretability in the Wild", 2022, section 3.2, where the five best of the vocabulary count; here the best of the text).

import { elementAt, float32At } from '#tensor/vector'
import { product } from './logit-attribution.ts'

/**
 * Share, 0..1, of the tokens that a head raises most itself. By chance it is 1 / tokens.
 * @param writes [N,d]: what the head adds to the stream when it looks at each of N different tokens alone
 * @param gradients [d] of each token's logit at the end of the stream, the final norm's scale held; any length of all of them together
 */
export function copyingScore(writes: readonly Float32Array[], gradients: readonly Float32Array[]): number {
  if (writes.length < 2) return Number.NaN
  const copied = writes.filter((write, own) => {
    const raised = gradients.map((gradient) => product(write, gradient))
    return raised.every((value, other) => other === own || value < elementAt(raised, own))
  })
  return copied.length / writes.length
}

/**
 * Rows for an output projection: one for each head and token, with that head's value vector in the head's place, and last none.
 * @param values [H,T,hd], or [1,T,hd] that all heads share
 * @param places of the tokens
 * @returns [H*N+1,H*hd]
 */
export function headsOnTokens(values: Float32Array, heads: number, tokens: number, size: number, places: readonly number[]): Float32Array {
  const width = heads * size
  const copies = values.length / (tokens * size)
  const rows = new Float32Array((heads * places.length + 1) * width)
  for (let head = 0; head < heads; head++) {
    const own = copies === 1 ? 0 : head
    places.forEach((place, at) => {
      const from = (own * tokens + place) * size
      for (let k = 0; k < size; k++) rows[(head * places.length + at) * width + head * size + k] = float32At(values, from + k)
    })
  }
  return rows
}
