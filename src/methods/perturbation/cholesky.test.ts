import { expect, it } from 'vitest'
import { createCholesky } from './cholesky.ts'

it('grows by rows into the triangle of the whole matrix, and solves by it', () => {
  const matrix = [
    [4, 2, 2],
    [2, 5, 3],
    [2, 3, 6],
  ]
  const factor = createCholesky()
  for (const [at, row] of matrix.entries()) factor.append(Float64Array.from(row.slice(0, at)), row[at] ?? 0, 0)
  expect(factor.rows.map((row) => Array.from(row))).toEqual([[2], [1, 2], [1, 1, 2]])
  expect(factor.logDiagonal()).toBeCloseTo(Math.log(8), 12)
  expect(Array.from(factor.forward(Float64Array.of(4, 6, 8)))).toEqual([2, 2, 2])
  const solved = factor.solve(Float64Array.of(8, 10, 11))
  for (const [at, row] of matrix.entries()) {
    expect(row.reduce((sum, value, column) => sum + value * (solved[column] ?? 0), 0)).toBeCloseTo([8, 10, 11][at] ?? 0, 10)
  }
})

it('takes what rounding leaves of a copied row for the least', () => {
  const factor = createCholesky()
  factor.append(Float64Array.of(), 1, 1e-9)
  factor.append(Float64Array.of(1), 1, 1e-9)
  expect(factor.rows[1]?.[1]).toBeCloseTo(Math.sqrt(1e-9), 12)
})
