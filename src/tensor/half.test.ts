import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floatToHalf, halfToFloat } from './half.ts'

const round = (value: number): number => halfToFloat(floatToHalf(value))

describe('half precision', () => {
  it('reads known bit patterns', () => {
    expect([0x0000, 0x3c00, 0x3800, 0xc000, 0x7bff, 0x0001, 0x0400].map(halfToFloat)).toEqual([0, 1, 0.5, -2, 65504, 2 ** -24, 2 ** -14])
    expect(halfToFloat(0x7c00)).toBe(Number.POSITIVE_INFINITY)
    expect(halfToFloat(0xfc00)).toBe(Number.NEGATIVE_INFINITY)
    expect(halfToFloat(0x7e00)).toBeNaN()
    expect(halfToFloat(0x8000)).toBe(-0)
  })

  it('gives every half-precision number back, bit for bit', () => {
    const wrong: number[] = []
    for (let bits = 0; bits < 0x10000; bits++) {
      const nan = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0
      if (nan ? !Number.isNaN(round(halfToFloat(bits))) : floatToHalf(halfToFloat(bits)) !== bits) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })

  it('rounds to the nearest number, to the even one of two', () => {
    const step = 2 ** -10
    expect(round(1 + 0.5 * step)).toBe(1)
    expect(round(1 + 1.5 * step)).toBe(1 + 2 * step)
    expect(round(1 + 0.51 * step)).toBe(1 + step)
    expect(round(2 - 0.25 * step)).toBe(2)
    expect(round(65519)).toBe(65504)
    expect(round(65520)).toBe(Number.POSITIVE_INFINITY)
    expect(round(2 ** -25)).toBe(0)
    expect(round(2 ** -25 * 1.001)).toBe(2 ** -24)
    expect(round(2 ** -14 - 2 ** -26)).toBe(2 ** -14)
    expect(round(1e-30)).toBe(0)
    expect(round(-1e-30)).toBe(-0)
    expect(round(1e30)).toBe(Number.POSITIVE_INFINITY)
    expect(round(Number.NaN)).toBeNaN()
  })

  it('is within 2^-11 of an attention weight, relative, down to 2^-14, and within 2^-25 below', () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(Math.abs(round(value) - value)).toBeLessThanOrEqual(value >= 2 ** -14 ? value * 2 ** -11 : 2 ** -25)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps the order of numbers', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true })
    fc.assert(fc.property(value, value, (one, other) => one > other || round(one) <= round(other)))
  })
})
