import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AttentionError } from './attention-error.ts'
import { randomRun, runOf } from './attention-run.fixture.ts'
import { attentionDifference, headChanges } from './difference.ts'

const alignment = (a: readonly number[], b: readonly number[]) => ({ a: Int32Array.from(a), b: Int32Array.from(b) })
const identity = (length: number) => alignment([...Array(length).keys()], [...Array(length).keys()])
const oneHead = { heads: [{ layer: 0, head: 0 }], reduce: 'each' } as const

describe('attentionDifference', () => {
  it('is A - B where tokens face each other and NaN at gaps', () => {
    const a = runOf(2, [1, 0, 0.25, 0.75])
    const b = runOf(3, [0.5, 0.25, 0.25, 0, 1, 0, 0.125, 0.125, 0.75])
    const [matrix] = attentionDifference(a, b, alignment([0, -1, 1], [0, 1, 2]), oneHead)
    expect(matrix?.tokens).toBe(3)
    expect([...(matrix?.data ?? [])]).toEqual([0.5, Number.NaN, -0.25, Number.NaN, Number.NaN, Number.NaN, 0.125, Number.NaN, 0])
  })

  it('takes the difference of the reduced matrices', () => {
    const heads = [
      { layer: 0, head: 0 },
      { layer: 0, head: 1 },
    ]
    const a = runOf(1, [1], [0.5])
    const b = runOf(1, [0.25], [0.75])
    expect(attentionDifference(a, b, identity(1), { heads, reduce: 'max' })[0]).toMatchObject({ head: null, data: Float32Array.of(0.25) })
    expect(attentionDifference(a, b, identity(1), { heads, reduce: 'mean' })[0]?.data[0]).toBe(0.25)
    expect(attentionDifference(a, b, identity(1), { heads, reduce: 'each' })).toHaveLength(2)
  })
})

describe('headChanges', () => {
  it('is the total variation distance, averaged over queries', () => {
    const a = runOf(2, [1, 0, 0.5, 0.5])
    const b = runOf(2, [0.5, 0.5, 0.25, 0.75])
    expect(headChanges(a, b, identity(2))).toEqual([{ layer: 0, head: 0, moved: 0.375, query: 0, key: 0, change: 0.5 }])
  })

  it('counts attention on keys without partner as moved', () => {
    const a = runOf(2, [0.25, 0.75, 0, 1])
    const b = runOf(1, [1])
    // 0.5 * (|0.25 - 1| + 0.75) = 0.75
    expect(headChanges(a, b, alignment([0, 1], [0, -1]))).toEqual([{ layer: 0, head: 0, moved: 0.75, query: 0, key: 0, change: -0.75 }])
  })

  it('is 1 when all attention moved', () => {
    expect(headChanges(runOf(2, [1, 0, 1, 0]), runOf(2, [0, 1, 0, 1]), identity(2))[0]?.moved).toBe(1)
  })

  it('says columns of the alignment, not tokens', () => {
    const a = runOf(1, [1])
    const b = runOf(2, [1, 0, 0.25, 0.75])
    expect(headChanges(a, b, alignment([-1, 0], [0, 1]))[0]).toMatchObject({ query: 1, key: 1, change: 0.25 })
  })

  it('answers rows that share no token', () => {
    expect(headChanges(runOf(1, [1]), runOf(1, [1]), alignment([0, -1], [-1, 0]))).toEqual([
      { layer: 0, head: 0, moved: 0, query: -1, key: -1, change: 0 },
    ])
  })

  it('is exactly 0 for a run and itself, symmetric, and between 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (seedA, seedB, tokensA, tokensB) => {
          const a = randomRun(2, 2, tokensA, seedA)
          const b = randomRun(2, 2, tokensB, seedB)
          expect(headChanges(a, a, identity(tokensA)).every(({ moved }) => moved === 0)).toBe(true)
          const shared = Math.min(tokensA, tokensB)
          const rest = Math.max(tokensA, tokensB) - shared
          const padded = (tokens: number) => [...Array(tokens).keys(), ...Array(shared + rest - tokens).fill(-1)]
          const pairs = alignment(padded(tokensA), padded(tokensB))
          const there = headChanges(a, b, pairs)
          const back = headChanges(b, a, { a: pairs.b, b: pairs.a })
          there.forEach(({ moved, change }, k) => {
            expect(moved).toBeGreaterThanOrEqual(0)
            expect(moved).toBeLessThanOrEqual(1)
            expect(back[k]?.moved).toBeCloseTo(moved, 12)
            expect(Math.abs(back[k]?.change ?? 0)).toBe(Math.abs(change))
          })
        },
      ),
    )
  })

  it('refuses two architectures and an alignment of other rows', () => {
    const run = randomRun(2, 2, 3)
    expect(() => headChanges(run, randomRun(1, 2, 3), identity(3))).toThrow(/models-differ/)
    expect(() => headChanges(run, randomRun(2, 3, 3), identity(3))).toThrow(/models-differ/)
    expect(() => headChanges(run, run, identity(4))).toThrow(AttentionError)
  })
})
