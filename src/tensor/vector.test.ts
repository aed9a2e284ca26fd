import { describe, expect, it } from 'vitest'
import { argmax, cosine, dot, elementAt, float32At, float64At, l1Norm, l2Norm, largestMagnitude, sumOf } from './vector.ts'

describe('elements', () => {
  it('are read where they are, and an index beyond them is an error', () => {
    expect([elementAt([5], 0), float32At(Float32Array.of(6), 0), float64At(Float64Array.of(7), 0)]).toEqual([5, 6, 7])
    expect(() => elementAt([5], 1)).toThrow(RangeError)
    expect(() => float32At(Float32Array.of(6), -1)).toThrow('index -1 is outside of 1 elements')
    expect(() => float64At(new Float64Array(), 0)).toThrow(RangeError)
  })
})

describe('norms, sums and products', () => {
  it('are those of a vector that can be worked out by hand', () => {
    const vector = Float32Array.of(3, -4)
    expect([sumOf(vector), l1Norm(vector), l2Norm(vector), largestMagnitude(vector)]).toEqual([-1, 7, 5, 4])
    expect(dot(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(5, 4, 3, 2, 1), 5)).toBe(35)
    expect(cosine(Float32Array.of(1, 0), Float32Array.of(1, 1))).toBeCloseTo(Math.SQRT1_2, 12)
    expect(cosine(Float32Array.of(0, 0), Float32Array.of(1, 1))).toBeNaN()
    expect(() => cosine(Float32Array.of(1, 2), Float32Array.of(1))).toThrow(RangeError)
  })
})

describe('argmax', () => {
  it('is the first of the largest, and passes over what is no number', () => {
    expect(argmax([1, 3, 3, 2])).toBe(1)
    expect(argmax(Float32Array.of(Number.NaN, -2, -1))).toBe(2)
    expect(argmax([Number.NEGATIVE_INFINITY])).toBe(0)
    expect([argmax([]), argmax([Number.NaN])]).toEqual([-1, -1])
  })
})
