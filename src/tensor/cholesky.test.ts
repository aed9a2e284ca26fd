import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCholesky } from './cholesky.ts'
import { addRows } from './matrix.ts'
import { normalNumbers } from './random.ts'
import { dot } from './vector.ts'

it('grows by rows into the triangle of the whole matrix, and solves by it', () => {
  const matrix = [
    [4, 2, 2],
    [2, 5, 3],
    [2, 3, 6],
  ]
  const factor = createCholesky()
  for (const [at, row] of matrix.entries()) factor.append([Float64Array.from(row.slice(0, at))], row[at] ?? 0, 0)
  expect(factor.rows.map((row) => Array.from(row))).toEqual([[2], [1, 2], [1, 1, 2]])
  expect(factor.logDiagonal()).toBeCloseTo(Math.log(8), 12)
  const column = Float64Array.of(4, 6, 8)
  factor.forward([column])
  expect(Array.from(column)).toEqual([2, 2, 2])
  const solved = factor.solve(Float64Array.of(8, 10, 11))
  for (const [at, row] of matrix.entries()) {
    expect(row.reduce((sum, value, column) => sum + value * (solved[column] ?? 0), 0)).toBeCloseTo([8, 10, 11][at] ?? 0, 10)
  }
})

it('takes what rounding leaves of a copied row for the least', () => {
  const factor = createCholesky()
  factor.append([Float64Array.of(), Float64Array.of(1)], 1, 1e-9)
  expect(factor.rows[1]?.[1]).toBeCloseTo(Math.sqrt(1e-9), 12)
})

it('is the same by blocks of any size as by rows, and so are columns', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), fc.integer({ max: 2 ** 20 }), (blocks, seed) => {
      const size = blocks.reduce((sum, block) => sum + block, 0)
      const normal = normalNumbers(seed)
      const noise = Array.from({ length: size }, () => Float64Array.from({ length: size }, normal))
      /** Of a matrix with a diagonal of 4 size. */
      const left = (row: number): Float64Array => (noise[row] ?? new Float64Array()).slice(0, row)
      const [byRows, byBlocks] = [createCholesky(), createCholesky()]
      for (let row = 0; row < size; row++) byRows.append([left(row)], 4 * size, 0)
      let done = 0
      for (const block of blocks) {
        byBlocks.append(
          Array.from({ length: block }, (_, at) => left(done + at)),
          4 * size,
          0,
        )
        done += block
      }
      const apart = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
        Math.max(...Array.from(one, (value, at) => Math.abs(value - (other[at] ?? Number.NaN))))
      const gaps = byRows.rows.map((row, at) => apart(row, byBlocks.rows[at] ?? []))
      const columns = noise.map((row) => row.slice())
      byRows.forward(columns)
      // L times L^-1 b is b.
      const back = columns.map((column, at) =>
        apart(
          byRows.rows.map((row, element) => dot(row, column, element + 1)),
          noise[at] ?? [],
        ),
      )
      expect(Math.max(...gaps, ...back)).toBeLessThan(1e-10)
    }),
    { numRuns: 30 },
  )
})

it('adds rows by their factors, however many', () => {
  for (const count of [0, 1, 4, 7]) {
    const rows = Array.from({ length: count }, (_, row) => Float64Array.of(1, row))
    const sums = Float64Array.of(1, 2)
    addRows(sums, rows, (row) => row + 1)
    expect(Array.from(sums)).toEqual([
      1 + rows.reduce((sum, _, row) => sum + row + 1, 0),
      2 + rows.reduce((sum, _, row) => sum + row * (row + 1), 0),
    ])
  }
})
