// (q - zero point) x scale in float32, as the runtime's DequantizeLinear computes it (ONNX operator specification).

import { elementAt, float32At, outOfRange } from '#tensor/vector'

/** Quantised elements seen as [outer, channels, inner]; scale and zero point are per channel. One channel is a scalar scale. */
export interface Quantised {
  readonly values: ArrayLike<number>
  readonly channels: number
  readonly inner: number
  /** [channels] */
  readonly scale: ArrayLike<number>
  /** [channels], null for zero */
  readonly zeroPoint: ArrayLike<number> | null
}

/** A local one: where modules are not bundled, as in Node, each call of an imported one costs as much as the arithmetic of ten elements. */
function weightAt(weights: Float32Array, at: number): number {
  return weights[at] ?? outOfRange(at, weights.length)
}

/** Whose elements, and their differences, float32 holds exactly. */
function isNarrow(values: ArrayLike<number>): boolean {
  return ArrayBuffer.isView(values) && 'BYTES_PER_ELEMENT' in values && Number(values.BYTES_PER_ELEMENT) <= 2
}

/**
 * Writes the float32 values into `target`, which is as long as `values`.
 * @throws RangeError where there is no scale or zero point for a channel
 */
export function dequantize({ values, channels, inner, scale, zeroPoint }: Quantised, target: Float32Array): void {
  const scales = Float32Array.from(scale)
  const zeros = zeroPoint === null ? new Float32Array(channels) : Float32Array.from(zeroPoint)
  if (!isNarrow(values)) {
    for (let at = 0; at < values.length; at++) {
      const channel = Math.floor(at / inner) % channels
      const zero = zeroPoint === null ? 0 : elementAt(zeroPoint, channel)
      // Differences of 32-bit integers need a rounding before the product's.
      target[at] = Math.fround(elementAt(values, at) - zero) * float32At(scales, channel)
    }
    return
  }
  // Copied by the engine itself, whatever type they have: the loops below then see one type of array, which makes them many times faster.
  target.set(values)
  // Storing a product of two float32 numbers rounds once, like the runtime's own multiplication.
  for (let at = 0; at < target.length; ) {
    if (inner === 1) {
      for (let channel = 0; channel < channels; channel++, at++) {
        target[at] = (weightAt(target, at) - weightAt(zeros, channel)) * weightAt(scales, channel)
      }
      continue
    }
    for (let channel = 0; channel < channels; channel++) {
      const [factor, zero] = [weightAt(scales, channel), weightAt(zeros, channel)]
      for (const end = at + inner; at < end; at++) target[at] = (weightAt(target, at) - zero) * factor
    }
  }
}
