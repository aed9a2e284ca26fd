import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AttentionError } from './attention-error.ts'
import { randomRun, runOf } from './attention-run.fixture.ts'
import { attentionThumbnails, differenceThumbnails } from './thumbnail.ts'

const identity = (length: number) => ({ a: Int32Array.from({ length }, (_, k) => k), b: Int32Array.from({ length }, (_, k) => k) })

describe('attentionThumbnails', () => {
  it('writes 255 for attention 1 and does not enlarge', () => {
    expect([...attentionThumbnails(runOf(2, [1, 0, 0.2, 0.8]), 0, 16)]).toEqual([255, 0, 51, 204])
  })

  it('keeps the largest value of each block', () => {
    const matrix = new Array(16).fill(0)
    matrix[0 * 4 + 3] = 0.4
    matrix[1 * 4 + 2] = 0.6
    matrix[3 * 4 + 0] = 1
    expect([...attentionThumbnails(runOf(4, matrix), 0, 2)]).toEqual([0, 153, 255, 0])
  })

  it('loses no strong cell and invents none', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }), (seed, tokens, size) => {
        const run = randomRun(1, 2, tokens, seed)
        const cells = attentionThumbnails(run, 0, size)
        const side = Math.min(size, tokens)
        expect(cells.length).toBe(2 * side * side)
        const largest = Math.max(...(run.layers[0]?.data ?? []))
        expect(Math.max(...cells)).toBe(Math.round(largest * 255))
      }),
    )
  })

  it('refuses a layer that is not there', () => {
    expect(() => attentionThumbnails(runOf(1, [1]), 1, 4)).toThrow(AttentionError)
  })
})

describe('differenceThumbnails', () => {
  it('keeps the sign of the largest change of a block', () => {
    const a = runOf(2, [1, 0, 0.5, 0.5])
    const b = runOf(2, [0, 1, 0.4, 0.6])
    expect([...differenceThumbnails(a, b, identity(2), 0, 2)]).toEqual([127, -127, 13, -13])
    expect(differenceThumbnails(b, a, identity(2), 0, 1)).toHaveLength(1)
  })

  it('is zero at gaps', () => {
    const alignment = { a: Int32Array.of(0, 1), b: Int32Array.of(0, -1) }
    expect([...differenceThumbnails(runOf(2, [0.5, 0.5, 0, 1]), runOf(1, [1]), alignment, 0, 8)]).toEqual([-63, 0, 0, 0])
  })

  it('changes sign with the order of the two', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seedA, seedB) => {
        const a = randomRun(1, 1, 5, seedA)
        const b = randomRun(1, 1, 5, seedB)
        const there = differenceThumbnails(a, b, identity(5), 0, 5)
        const back = differenceThumbnails(b, a, identity(5), 0, 5)
        expect(Math.max(...there.map((value, k) => Math.abs(value + (back[k] ?? 0))))).toBeLessThanOrEqual(1)
      }),
    )
  })
})
