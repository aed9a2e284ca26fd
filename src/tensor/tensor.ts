// A tensor is its dimensions and one flat typed array, row-major. Nothing else in the project nests arrays of numbers.

/** Dense row-major values: `data.length` is the product of `dims`. */
export interface Tensor<Data extends ArrayLike<number | bigint> = Float32Array> {
  readonly dims: readonly number[]
  readonly data: Data
}

/** Number of elements of a shape: the product of its dimensions (1 for a scalar, `[]`). */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1)
}
