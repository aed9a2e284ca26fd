// Matrices: a row-major typed array, or a list of rows where rows differ in length or grow.

import { float32At, float64At } from './vector.ts'

/** A local name: where modules are not bundled, inner loops call an import at half the speed. */
const element = float64At

/** @throws RangeError where there is no such row */
export function rowAt(rows: readonly Float64Array[], index: number): Float64Array {
  return rows[index] ?? noRow(index, rows.length)
}

/** @throws RangeError always */
function noRow(index: number, rows: number): never {
  throw new RangeError(`row ${index} is outside of ${rows} rows`)
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
    const one = rowAt(rows, row)
    const two = rowAt(rows, row + 1)
    const three = rowAt(rows, row + 2)
    const four = rowAt(rows, row + 3)
    const f1 = factorOf(row)
    const f2 = factorOf(row + 1)
    const f3 = factorOf(row + 2)
    const f4 = factorOf(row + 3)
    for (let at = 0; at < count; at++) {
      target[at] = element(target, at) + f1 * element(one, at) + f2 * element(two, at) + f3 * element(three, at) + f4 * element(four, at)
    }
  }
  for (; row < rows.length; row++) {
    const one = rowAt(rows, row)
    const factor = factorOf(row)
    for (let at = 0; at < count; at++) target[at] = element(target, at) + factor * element(one, at)
  }
}

/** [rows, width] to [width]: the mean of each column, such as that over tokens. */
export function meanOverRows(data: Float32Array, rows: number): Float32Array {
  const width = rows === 0 ? 0 : data.length / rows
  const mean = new Float32Array(width)
  for (const [at, value] of data.entries()) mean[at % width] = float32At(mean, at % width) + value / rows
  return mean
}
