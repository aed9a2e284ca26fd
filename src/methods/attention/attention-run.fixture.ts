// Made-up attention for tests: rows that sum to 1, from a seed.

import type { AttentionRun } from './attention.ts'

/** Every row of every head is a distribution; the same seed gives the same run. */
export function randomRun(layers: number, heads: number, tokens: number, seed = 1): AttentionRun {
  let state = seed >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    tokens,
    layers: Array.from({ length: layers }, () => {
      const data = new Float32Array(heads * tokens * tokens)
      for (let row = 0; row < data.length; row += tokens) {
        let sum = 0
        for (let k = row; k < row + tokens; k++) {
          const weight = next()
          data[k] = weight * weight * weight
          sum += data[k] ?? 0
        }
        for (let k = row; k < row + tokens; k++) data[k] = (data[k] ?? 0) / sum
      }
      return { heads, data }
    }),
  }
}

/** One layer from its heads' matrices, each written row after row. */
export function runOf(tokens: number, ...heads: readonly (readonly number[])[]): AttentionRun {
  return { tokens, layers: [{ heads: heads.length, data: Float32Array.from(heads.flat()) }] }
}
