import { describe, expect, it } from 'vitest'
import { compareKinds, meanOverPositions, standInFor } from './ablation.ts'
import type { Activation, ModelPart } from './activation-change.ts'
import { headGroups, patchedShare } from './patching.ts'

const activation = (heads: number, tokens: number, data: readonly number[]): Activation => {
  return { heads, tokens, width: data.length / heads / tokens, data: Float32Array.from(data) }
}

describe('what stands in for a part', () => {
  const own = activation(2, 2, [1, 2, 3, 6, -1, 0, 1, 4])

  it('is nothing for zero', () => expect(standInFor('zero', own, null)).toBeNull())

  it('is each head’s mean over the positions', () => {
    expect(Array.from(meanOverPositions(own).data)).toEqual([2, 4, 2, 4, 0, 2, 0, 2])
  })

  it('is what the other text gives, where that is as long', () => {
    const other = activation(2, 2, [9, 9, 9, 9, 9, 9, 9, 9])
    expect(standInFor('resample', own, other)).toBe(other)
    expect(() => standInFor('resample', own, null)).toThrow(RangeError)
    expect(() => standInFor('resample', own, activation(2, 1, [0, 0, 0, 0]))).toThrow(RangeError)
  })
})

describe('two kinds of ablation', () => {
  const parts = [0, 1, 2, 3].map((head): ModelPart => ({ kind: 'head', layer: 0, head }))
  const zero = { kind: 'zero', effects: [5, 1, 2, 3] } as const

  it('agree wholly where they order the parts alike', () => {
    expect(compareKinds(parts, zero, { kind: 'mean', effects: [50, 10, 20, 30] }).correlation).toBeCloseTo(1)
  })

  it('name the parts whose effects differ most', () => {
    const { correlation, differing } = compareKinds(parts, zero, { kind: 'mean', effects: [0, 1, 2, 3.5] }, 2)
    expect(correlation).toBeLessThan(0.5)
    expect(differing.map(({ part, one, other }) => [part.head, one, other])).toEqual([
      [0, 5, 0],
      [3, 3, 3.5],
    ])
  })
})

describe('what a patch restores', () => {
  it('is 0 for nothing and 1 for everything, in both directions', () => {
    expect(patchedShare('denoise', -4, 6, -4)).toBe(0)
    expect(patchedShare('denoise', 6, 6, -4)).toBe(1)
    expect(patchedShare('noise', 6, 6, -4)).toBe(0)
    expect(patchedShare('noise', -4, 6, -4)).toBe(1)
    expect(patchedShare('denoise', 1, 6, -4)).toBeCloseTo(0.5)
    expect(patchedShare('noise', 8, 6, -4)).toBeCloseTo(-0.2)
  })

  it('is asked of heads that share a key together', () => {
    expect(headGroups(activation(4, 1, [1, 1, 2, 2]))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(headGroups(activation(3, 1, [1, 2, 1]))).toEqual([[0], [1], [2]])
  })
})
