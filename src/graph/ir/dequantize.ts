// (q - zero point) x scale in float32, as the runtime's DequantizeLinear computes it (ONNX operator specification).

import { elementAt, float32At, int32At, outOfRange } from '#tensor/vector'

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

/** A local one: it sees the few types that weights are stored in, so that the engine compiles it to a plain load. */
function valueAt(values: ArrayLike<number>, at: number): number {
  return values[at] ?? outOfRange(at, values.length)
}

/**
 * Writes the float32 values into `target`, which is as long as `values`.
 * @throws RangeError where there is no scale or zero point for a channel
 */
export function dequantize({ values, channels, inner, scale, zeroPoint }: Quantised, target: Float32Array): void {
  // Storing a product of two float32 numbers rounds once, like the runtime's own multiplication. Differences of 32-bit integers
  // need a rounding first; those of 8 and 16 bits are exact.
  if (inner === 1) {
    const scales = Float32Array.from(scale)
    const zeros = zeroPoint === null ? new Int32Array(channels) : Int32Array.from(zeroPoint)
    for (let start = 0; start < values.length; start += channels) {
      for (let channel = 0; channel < channels; channel++) {
        const at = start + channel
        target[at] = Math.fround(valueAt(values, at) - int32At(zeros, channel)) * float32At(scales, channel)
      }
    }
    return
  }
  let at = 0
  while (at < values.length) {
    for (let channel = 0; channel < channels; channel++) {
      const factor = elementAt(scale, channel)
      const zero = zeroPoint === null ? 0 : elementAt(zeroPoint, channel)
      for (const end = at + inner; at < end; at++) target[at] = Math.fround(valueAt(values, at) - zero) * factor
    }
  }
}
