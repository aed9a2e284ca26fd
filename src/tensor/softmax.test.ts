import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { softmax } from './softmax.ts'

describe('softmax', () => {
  it('has the closed form of two classes', () => {
    const [negative = 0, positive = 0] = softmax(Float32Array.of(-1, 2))
    expect(positive).toBeCloseTo(1 / (1 + Math.exp(-3)), 6)
    expect(negative + positive).toBeCloseTo(1, 6)
  })

  it('does not overflow where exp would', () => {
    expect(Array.from(softmax(Float32Array.of(1000, 1000, -1000)))).toEqual([0.5, 0.5, 0])
  })

  it('sums to one, keeps the order, and does not mind a shift', () => {
    const logits = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(logits, fc.integer({ min: -5, max: 5 }), (values, shift) => {
        const given = Float32Array.from(values)
        const found = softmax(given)
        expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
        expect(found[given.indexOf(Math.max(...given))]).toBe(Math.max(...found))
        softmax(given.map((value) => value + shift)).forEach((value, i) => {
          expect(value).toBeCloseTo(found[i] ?? Number.NaN, 5)
        })
      }),
    )
  })

  it('leaves its argument as it was', () => {
    const logits = Float32Array.of(1, 2)
    softmax(logits)
    expect(Array.from(logits)).toEqual([1, 2])
  })

  it('of nothing is nothing', () => {
    expect(softmax(new Float32Array())).toEqual(new Float32Array())
  })
})
