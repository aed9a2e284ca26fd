// The lower triangle whose product with its transpose is a symmetric matrix that grows by rows.
// Numbers of inner loops are declared one by one: taken out of a list they take twice as long.

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
      const row = rows[at] ?? column
      column[at] = ((column[at] ?? 0) - dot(row, column, at)) / (row[at] ?? 1)
    }
  }
  /** Four columns at a time: the triangle is read a quarter as often. */
  const forward = (columns: readonly Float64Array[]): void => {
    const count = rows.length
    let done = 0
    for (; done + 3 < columns.length; done += 4) reduceFour(rows, columns.slice(done, done + 4))
    for (; done < columns.length; done++) reduce(columns[done] ?? new Float64Array(), 0, count)
  }
  const backward = (column: Float64Array): Float64Array => {
    const solved = column.slice()
    for (let at = rows.length - 1; at >= 0; at--) {
      const row = rows[at] ?? solved
      const value = (solved[at] ?? 0) / (row[at] ?? 1)
      solved[at] = value
      for (let before = 0; before < at; before++) solved[before] = (solved[before] ?? 0) - (row[before] ?? 0) * value
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

/** One step of the four is the same step of each. */
function reduceFour(rows: readonly Float64Array[], [one, two, three, four]: readonly Float64Array[]): void {
  if (one === undefined || two === undefined || three === undefined || four === undefined) return
  for (const [at, row] of rows.entries()) {
    let first = one[at] ?? 0
    let second = two[at] ?? 0
    let third = three[at] ?? 0
    let fourth = four[at] ?? 0
    for (let before = 0; before < at; before++) {
      const factor = row[before] ?? 0
      first -= factor * (one[before] ?? 0)
      second -= factor * (two[before] ?? 0)
      third -= factor * (three[before] ?? 0)
      fourth -= factor * (four[before] ?? 0)
    }
    const diagonal = row[at] ?? 1
    one[at] = first / diagonal
    two[at] = second / diagonal
    three[at] = third / diagonal
    four[at] = fourth / diagonal
  }
}

/** Of the first elements. Four sums at a time: none waits for the one before. */
export function dot(one: Float64Array, other: Float64Array, count: number): number {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  let at = 0
  for (; at + 3 < count; at += 4) {
    first += (one[at] ?? 0) * (other[at] ?? 0)
    second += (one[at + 1] ?? 0) * (other[at + 1] ?? 0)
    third += (one[at + 2] ?? 0) * (other[at + 2] ?? 0)
    fourth += (one[at + 3] ?? 0) * (other[at + 3] ?? 0)
  }
  for (; at < count; at++) first += (one[at] ?? 0) * (other[at] ?? 0)
  return first + second + (third + fourth)
}

/** target += sum of factor * row over some rows. Four at a time: the target is read and written a quarter as often. */
export function addRows(
  target: Float64Array,
  rows: readonly Float64Array[],
  factorOf: (row: number) => number,
  count = target.length,
): void {
  let row = 0
  for (; row + 3 < rows.length; row += 4) {
    const one = rows[row] ?? target
    const two = rows[row + 1] ?? target
    const three = rows[row + 2] ?? target
    const four = rows[row + 3] ?? target
    const f1 = factorOf(row)
    const f2 = factorOf(row + 1)
    const f3 = factorOf(row + 2)
    const f4 = factorOf(row + 3)
    for (let at = 0; at < count; at++) {
      target[at] = (target[at] ?? 0) + f1 * (one[at] ?? 0) + f2 * (two[at] ?? 0) + f3 * (three[at] ?? 0) + f4 * (four[at] ?? 0)
    }
  }
  for (; row < rows.length; row++) {
    const one = rows[row] ?? target
    const factor = factorOf(row)
    for (let at = 0; at < count; at++) target[at] = (target[at] ?? 0) + factor * (one[at] ?? 0)
  }
}
