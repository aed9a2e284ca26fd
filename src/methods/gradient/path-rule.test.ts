import { describe, expect, it } from 'vitest'
import { GAUSS_POINTS, PATH_RULE } from './path-rule.ts'

/** Integral of x^degree from 0 to 1 by a rule. */
const integral = (rule: 'gauss' | 'kronrod', degree: number): number =>
  PATH_RULE.reduce((sum, point) => sum + (point[rule] ?? 0) * point.at ** degree, 0)

describe('the rules', () => {
  it.each([
    ['gauss', 5],
    ['kronrod', 11],
  ] as const)('of %s are exact up to degree %d, and no further', (rule, degree) => {
    for (let power = 0; power <= degree; power++) expect(integral(rule, power)).toBeCloseTo(1 / (power + 1), 13)
    expect(Math.abs(integral(rule, degree + 1) - 1 / (degree + 2))).toBeGreaterThan(1e-10)
  })

  it('share points, in order', () => {
    expect(PATH_RULE).toHaveLength(7)
    expect(GAUSS_POINTS).toHaveLength(3)
    const places = PATH_RULE.map(({ at }) => at)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
  })
})
