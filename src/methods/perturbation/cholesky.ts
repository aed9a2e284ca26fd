// The lower triangle whose product with its transpose is a symmetric matrix that grows by rows.

/** A penalty that changes nothing else, beside the largest diagonal element. */
export const TRACE = 1e-12

export interface Cholesky {
  /** [rows+1 of each row]: the triangle so far. */
  readonly rows: readonly Float64Array[]
  /**
   * Another row of the matrix.
   * @param row its elements left of the diagonal, which are overwritten
   * @param least of the new diagonal element's square: what rounding leaves below is taken for it
   */
  append(row: Float64Array, diagonal: number, least: number): void
  /** L^-1 b. */
  forward(column: Float64Array): Float64Array
  /** (L L')^-1 b. */
  solve(column: Float64Array): Float64Array
  /** Of the triangle's diagonal: half of the matrix's log determinant. */
  logDiagonal(): number
}

export function createCholesky(): Cholesky {
  const rows: Float64Array[] = []
  let logDiagonal = 0
  /** In place; returns the sum of squares. */
  const reduce = (column: Float64Array, count: number): number => {
    let squares = 0
    for (let at = 0; at < count; at++) {
      const row = rows[at] ?? column
      let value = column[at] ?? 0
      for (let before = 0; before < at; before++) value -= (row[before] ?? 0) * (column[before] ?? 0)
      value /= row[at] ?? 1
      column[at] = value
      squares += value * value
    }
    return squares
  }
  const forward = (column: Float64Array): Float64Array => {
    const reduced = column.slice()
    reduce(reduced, rows.length)
    return reduced
  }
  return {
    rows,
    append: (row, diagonal, least) => {
      const root = Math.sqrt(Math.max(diagonal - reduce(row, rows.length), least))
      const whole = new Float64Array(row.length + 1)
      whole.set(row)
      whole[row.length] = root
      rows.push(whole)
      logDiagonal += Math.log(root)
    },
    forward,
    solve: (column) => {
      const solved = forward(column)
      for (let at = rows.length - 1; at >= 0; at--) {
        const row = rows[at] ?? solved
        const value = (solved[at] ?? 0) / (row[at] ?? 1)
        solved[at] = value
        for (let before = 0; before < at; before++) solved[before] = (solved[before] ?? 0) - (row[before] ?? 0) * value
      }
      return solved
    },
    logDiagonal: () => logDiagonal,
  }
}
