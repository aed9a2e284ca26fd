import { describe, expect, it } from 'vitest'
import type { AxisToken } from '#views/kit/chart'
import { rankCorrelations } from './rank-correlations.ts'
import type { AttributionRows, MethodRow } from './rows.ts'

const axis = (label: string, special = false): AxisToken => ({ label, special, changed: false, gap: false })
const columns = [axis('[CLS]', true), axis('so'), axis('very'), axis('bad')].map((token, at) => ({ a: [at], b: [], axis: token }))

function rowOf(values: readonly number[], more: Partial<MethodRow> = {}): MethodRow {
  return {
    method: 'lime',
    unit: 'token',
    isSigned: true,
    isZero: false,
    isFinished: true,
    columns,
    places: [0, 1, 2, 3],
    values: Float32Array.from(values),
    errors: new Float32Array(4).fill(Number.NaN),
    ...more,
  }
}

const between = (...methods: AttributionRows['methods']): number => rankCorrelations({ columns, methods })[1] ?? Number.NaN

describe('rank correlations', () => {
  it('are of magnitudes, without the model’s own tokens', () => {
    expect(between(rowOf([9, 1, 2, 3]), rowOf([0, -10, -20, 30]))).toBe(1)
    expect(between(rowOf([9, 1, 2, 3]), rowOf([9, 3, 2, 1]))).toBe(-1)
  })

  it('are none of a row that is zero, nor of one that is not finished', () => {
    expect(between(rowOf([0, 1, 2, 3]), rowOf([0, 1e-9, 2e-9, 3e-9], { isZero: true }))).toBeNaN()
    expect(between(rowOf([0, 1, 2, 3]), rowOf([0, 1, 2, 3], { isFinished: false }))).toBeNaN()
  })
})
