// The lower triangle whose product with its transpose is a symmetric matrix that grows by rows.
// Numbers of inner loops are declared one by one: taken out of a list they take twice as long.

import { rowAt } from './matrix.ts'
import { dot, float64At } from './vector.ts'

/** A local name: where modules are not bundled, inner loops call an import at half the speed. */
const element = float64At

/** A penalty that changes nothing else, beside the largest diagonal element. */
export const TRACE = 1e-12

export interface Cholesky {
  /** [rows+1 of each row]: the triangle so far. */
  readonly rows: readonly Float64Array[]
  /**
   * More rows of the matrix.
   * @param added their elements left of the diagonal, which are overwritten
   * @param least of a new diagonal element's square: what rounding leaves below is taken for it
   */
  append(added: readonly Float64Array[], diagonal: number, least: number): void
  /** L^-1 b of each column, in its place. */
  forward(columns: readonly Float64Array[]): void
  /** L^-T b. */
  backward(column: Float64Array): Float64Array
  /** (L L')^-1 b. */
  solve(column: Float64Array): Float64Array
  /** Of the triangle's diagonal: half of the matrix's log determinant. */
  logDiagonal(): number
}

export function createCholesky(): Cholesky {
  const rows: Float64Array[] = []
  let logDiagonal = 0
  /** In place, from one element to another, where those before are done. */
  const reduce = (column: Float64Array, from: number, to: number): void => {
    for (let at = from; at < to; at++) {
      const row = rowAt(rows, at)
      column[at] = (element(column, at) - dot(row, column, at)) / element(row, at)
    }
  }
  /** Four columns at a time: the triangle is read a quarter as often. */
  const forward = (columns: readonly Float64Array[]): void => {
    const count = rows.length
    let done = 0
    for (; done + 3 < columns.length; done += 4) reduceFour(rows, columns, done)
    for (; done < columns.length; done++) reduce(rowAt(columns, done), 0, count)
  }
  const backward = (column: Float64Array): Float64Array => {
    const solved = column.slice()
    for (let at = rows.length - 1; at >= 0; at--) {
      const row = rowAt(rows, at)
      const value = element(solved, at) / element(row, at)
      solved[at] = value
      for (let before = 0; before < at; before++) solved[before] = element(solved, before) - element(row, before) * value
    }
    return solved
  }
  return {
    rows,
    append: (added, diagonal, least) => {
      const before = rows.length
      forward(added)
      for (const row of added) {
        reduce(row, before, rows.length)
        const root = Math.sqrt(Math.max(diagonal - dot(row, row, row.length), least))
        const whole = new Float64Array(row.length + 1)
        whole.set(row)
        whole[row.length] = root
        rows.push(whole)
        logDiagonal += Math.log(root)
      }
    },
    forward,
    backward,
    solve: (column) => {
      const solved = column.slice()
      forward([solved])
      return backward(solved)
    },
    logDiagonal: () => logDiagonal,
  }
}

/** Forward substitution in four columns, from column `from` on, at once. */
function reduceFour(rows: readonly Float64Array[], columns: readonly Float64Array[], from: number): void {
  const one = rowAt(columns, from)
  const two = rowAt(columns, from + 1)
  const three = rowAt(columns, from + 2)
  const four = rowAt(columns, from + 3)
  for (const [at, row] of rows.entries()) {
    let first = element(one, at)
    let second = element(two, at)
    let third = element(three, at)
    let fourth = element(four, at)
    for (let before = 0; before < at; before++) {
      const factor = element(row, before)
      first -= factor * element(one, before)
      second -= factor * element(two, before)
      third -= factor * element(three, before)
      fourth -= factor * element(four, before)
    }
    const diagonal = element(row, at)
    one[at] = first / diagonal
    two[at] = second / diagonal
    three[at] = third / diagonal
    four[at] = fourth / diagonal
  }
}
