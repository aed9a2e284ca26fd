import { describe, expect, it } from 'vitest'
import type { Attribution } from '#methods/attribution'
import { attributionOf } from '#state/state.fixture'
import type { AxisToken } from '#views/kit/chart'
import { baseKind, contributionsOf, noSteps } from './contributions.ts'
import type { MethodRow } from './rows.ts'

const attribution = (values: readonly number[], more: Partial<Attribution> = {}): Attribution =>
  attributionOf(values, { method: 'exact-shapley', isSigned: true, output: 2, ...more })

const axis = (label: string, gap = false): AxisToken => ({ label, special: false, changed: false, gap })

/** One method over columns; NaN is a gap. */
const rowOf = (values: readonly number[]): Pick<MethodRow, 'columns' | 'values' | 'errors'> => ({
  columns: values.map((value, at) => ({ a: [at], b: [at], axis: axis(`t${at}`, Number.isNaN(value)) })),
  values: Float32Array.from(values),
  errors: new Float32Array(values.length).fill(Number.NaN),
})

const names = { hidden: 'hidden', rest: 'rest' }
const partsOf = (...args: Parameters<typeof contributionsOf>) => {
  const { base, output, parts } = contributionsOf(...args)
  return [base, parts.map(({ key, value }) => [key, value]), output]
}

describe('the parts of an output', () => {
  it('lead from what the method promises, and what they do not reach is a part', () => {
    const a = attribution([0, 1, -0.5], { expectedSum: 0.75 })
    expect(partsOf('a', rowOf([0, 1, -0.5]), { a, b: null }, names)).toEqual([
      1.25,
      [
        ['1', 1],
        ['2', -0.5],
        ['rest', 0.25],
      ],
      2,
    ])
    expect(baseKind(a)).toBe('promised')
  })

  it('lead from what is left where nothing is promised, and there is no remainder', () => {
    const a = attribution([1, -0.5])
    expect(partsOf('a', rowOf([1, -0.5]), { a, b: null }, names)).toEqual([
      1.5,
      [
        ['0', 1],
        ['1', -0.5],
      ],
      2,
    ])
    expect(baseKind(a)).toBe('left')
  })

  it('lead from the intercept of a linear model, whose error is the remainder', () => {
    const surrogate = { units: [], coalitions: new Uint8Array(), intercept: 0.25, ...emptySamples }
    const a = attribution([1, 0.5], { method: 'lime', surrogate })
    expect(partsOf('a', rowOf([1, 0.5]), { a, b: null }, names)).toEqual([
      0.25,
      [
        ['0', 1],
        ['1', 0.5],
        ['rest', 0.25],
      ],
      2,
    ])
    expect(baseKind(a)).toBe('intercept')
  })

  it('count tokens without a column as one part', () => {
    const a = attribution([0.25, 1, -0.5], { expectedSum: 0.75 })
    expect(partsOf('a', rowOf([1, -0.5]), { a, b: null }, names)[1]).toEqual([
      ['0', 1],
      ['1', -0.5],
      ['hidden', 0.25],
    ])
  })

  it('of a difference are differences, and so are both ends', () => {
    const a = attribution([1, 0.5, 0.25], { expectedSum: 1.75 })
    const b = attribution([0.25, 0.5], { expectedSum: 0.75, output: 1 })
    expect(partsOf('difference', rowOf([0.75, 0, Number.NaN]), { a, b }, names)).toEqual([
      0,
      [
        ['0', 0.75],
        ['hidden', 0.25],
      ],
      1,
    ])
  })

  it('are still to come without an answer, or in part', () => {
    expect(contributionsOf('b', rowOf([1]), { a: attribution([1]), b: null }, names).output).toBeNaN()
    const a = attribution([1, Number.NaN])
    const { base, parts } = contributionsOf('a', { ...rowOf([1, 0]), values: Float32Array.of(1, Number.NaN) }, { a, b: null }, names)
    expect([base, parts.map(({ value }) => value)]).toEqual([1, [1, Number.NaN]])
  })

  it('need a sign, and amounts', () => {
    expect(noSteps(attribution([], { method: 'saliency', isSigned: false }))).toBe('unsigned')
    expect(noSteps(attribution([], { method: 'signed-saliency' }))).toBe('rate')
    expect(noSteps(attribution([]))).toBeNull()
  })
})

const emptySamples = {
  outputs: new Float32Array(),
  fitted: new Float32Array(),
  weights: new Float32Array(),
  coefficients: new Float32Array(),
}
