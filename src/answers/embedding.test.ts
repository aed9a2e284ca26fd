import { describe, expect, it } from 'vitest'
import { similarityOf } from './embedding.ts'

const vector = (...values: readonly number[]) => ({ kind: 'embedding' as const, vector: Float32Array.from(values) })

describe('similarityOf', () => {
  it('is the cosine of the angle', () => {
    expect(similarityOf(vector(1, 0), vector(5, 0))).toBeCloseTo(1)
    expect(similarityOf(vector(1, 0), vector(0, -2))).toBeCloseTo(0)
    expect(similarityOf(vector(1, 1), vector(-3, -3))).toBeCloseTo(-1)
    expect(similarityOf(vector(1, 0), vector(1, Math.sqrt(3)))).toBeCloseTo(0.5)
  })

  it('is null for other widths and no direction', () => {
    expect(similarityOf(vector(1), vector(1, 2))).toBeNull()
    expect(similarityOf(vector(0, 0), vector(1, 2))).toBeNull()
  })
})
