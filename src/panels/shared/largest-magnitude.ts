/** Of all values; gaps (NaN) do not count. */
export function largestMagnitude(values: Iterable<number>): number {
  let largest = 0
  for (const value of values) {
    const magnitude = Math.abs(value)
    if (magnitude > largest) largest = magnitude
  }
  return largest
}
