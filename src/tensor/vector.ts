// Vectors: elements that must be there, and the norms, products and means that several methods need.
// An element is read by the accessor of its array's type: each sees one kind of array, so that the engine compiles it to a plain load.

/** @throws RangeError always: called where an index names no element; by itself in inner loops over arrays of any type */
export function outOfRange(index: number, length: number): never {
  throw new RangeError(`index ${index} is outside of ${length} elements`)
}

/** Of any list; in inner loops over typed arrays use the accessor of that type. @throws RangeError */
export function elementAt<Value>(values: ArrayLike<Value>, index: number): Value {
  const value = values[index]
  return value === undefined ? outOfRange(index, values.length) : value
}

/** @throws RangeError */
export function float64At(values: Float64Array, index: number): number {
  return values[index] ?? outOfRange(index, values.length)
}

/** @throws RangeError */
export function float32At(values: Float32Array, index: number): number {
  return values[index] ?? outOfRange(index, values.length)
}

/** @throws RangeError */
export function int32At(values: Int32Array, index: number): number {
  return values[index] ?? outOfRange(index, values.length)
}

/** @throws RangeError */
export function uint8At(values: Uint8Array, index: number): number {
  return values[index] ?? outOfRange(index, values.length)
}

/** Of all elements; 0 of none. */
export function sumOf(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** Sum of magnitudes. */
export function l1Norm(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += Math.abs(value)
  return sum
}

/** Euclidean length. */
export function l2Norm(values: Iterable<number>): number {
  let squares = 0
  for (const value of values) squares += value * value
  return Math.sqrt(squares)
}

/** The maximum norm; 0 of none. NaN, which marks gaps, does not count. */
export function largestMagnitude(values: Iterable<number>): number {
  let largest = 0
  for (const value of values) {
    const magnitude = Math.abs(value)
    if (magnitude > largest) largest = magnitude
  }
  return largest
}

/** Of the first `count` elements. Four sums at a time: none waits for the one before. @throws RangeError where one is shorter */
export function dot(one: Float64Array, other: Float64Array, count: number): number {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  let from = 0
  for (; from + 3 < count; from += 4) {
    first += float64At(one, from) * float64At(other, from)
    second += float64At(one, from + 1) * float64At(other, from + 1)
    third += float64At(one, from + 2) * float64At(other, from + 2)
    fourth += float64At(one, from + 3) * float64At(other, from + 3)
  }
  for (; from < count; from++) first += float64At(one, from) * float64At(other, from)
  return first + second + (third + fourth)
}

/** Of the angle between two vectors of one length, -1..1; NaN where one is zero. @throws RangeError where the other is shorter */
export function cosine(one: Float32Array, other: Float32Array): number {
  let [product, squares, otherSquares] = [0, 0, 0]
  for (const [at, value] of one.entries()) {
    const second = float32At(other, at)
    product += value * second
    squares += value * value
    otherSquares += second * second
  }
  return product / Math.sqrt(squares * otherSquares)
}

/** Place of the largest element, the first of equals; -1 where there is none. NaN is never the largest. */
export function argmax(values: ArrayLike<number>): number {
  let place = -1
  let largest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < values.length; at++) {
    const value = elementAt(values, at)
    if (value <= largest && place >= 0) continue
    if (Number.isNaN(value)) continue
    largest = value
    place = at
  }
  return place
}
