import { describe, expect, it } from 'vitest'
import { detectAttention } from './detect-attention.ts'

const layer = (dims: readonly number[], weights: (query: number, key: number) => number) => {
  const tokens = dims.at(-1) ?? 0
  const data = Float32Array.from({ length: dims.reduce((product, size) => product * size, 1) }, (_, at) =>
    weights(Math.floor(at / tokens) % tokens, at % tokens),
  )
  return { dims, data }
}
const back = (query: number, key: number): number => (key > query ? 0 : 1 / (query + 1))

describe('detectAttention', () => {
  it('counts heads, also where they are folded into the batch', () => {
    expect(detectAttention([layer([1, 3, 4, 4], back)], 4).heads).toBe(3)
    expect(detectAttention([layer([2, 4, 4], back)], 4).heads).toBe(2)
  })

  it('calls a model causal when no layer looks ahead, but for what underflows', () => {
    expect(detectAttention([layer([1, 2, 3, 3], back), layer([1, 2, 3, 3], back)], 3).causal).toBe(true)
    expect(detectAttention([layer([1, 2, 3, 3], (query, key) => (key > query ? 1e-9 : 1))], 3).causal).toBe(true)
    expect(detectAttention([layer([1, 2, 3, 3], back), layer([1, 2, 3, 3], () => 1 / 3)], 3).causal).toBe(false)
    expect(detectAttention([layer([1, 1, 1, 1], () => 1)], 1).causal).toBe(false)
  })

  it('refuses attention that is not tokens by tokens, naming layer and shape', () => {
    expect(() => detectAttention([layer([1, 2, 4, 4], back), layer([1, 2, 4, 2], back)], 4)).toThrow(
      expect.objectContaining({ kind: 'attention-shape', data: { layer: 2, shape: '1 × 2 × 4 × 2', tokens: 4 } }),
    )
  })
})
