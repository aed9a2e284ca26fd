// The final norm, held: with its scale taken as a number, scores are a sum over whatever adds up to the stream (Elhage et al., "A
// Mathematical Framework for Transformer Circuits", 2021).

import { float32At } from '#tensor/vector'

/** gain * (x - mean(x) where it is centred) / scale(x) + shift, component by component. */
export interface FinalNorm {
  /** [d] */
  readonly gain: Float32Array
  /** [d] */
  readonly shift: Float32Array
  /** Whether it takes the mean away, as LayerNorm does and RMSNorm does not. */
  readonly isCentred: boolean
}

/** Its largest other component, beside the one that was probed, is this share of it where a mean is taken away: 1 / d, and far above rounding. */
const ROUNDING = 1e-5

/**
 * Reads a norm off what it makes of vectors along each axis, which is known for any gain: sqrt(d) of it, or sqrt(d - 1) where the mean is
 * taken away; and of zeros, which is the shift.
 * @param normed [d+1,d]: of a vector of length `length` along each axis, and of zeros
 */
export function readNorm(normed: Float32Array, width: number, length: number): FinalNorm {
  const at = (row: number, column: number): number => float32At(normed, row * width + column)
  const shift = normed.slice(width * width, (width + 1) * width)
  const own = Float32Array.from(shift, (start, axis) => at(axis, axis) - start)
  // The mean of a vector along one axis is a d-th of its length.
  const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  let others = 0
  for (let axis = 0; axis + 1 < width; axis++) others = Math.max(others, Math.abs(at(axis, axis + 1) - float32At(shift, axis + 1)))
  const isCentred = length > 0 && others > ROUNDING * largest
  const factor = Math.sqrt(isCentred ? width - 1 : width)
  return { gain: own.map((value) => value / factor), shift, isCentred }
}

/** The norm at one state. */
export interface HeldNorm extends FinalNorm {
  /** What the state is divided by. */
  readonly scale: number
  /** Largest difference of the norm with that scale from what the model has, relative to the largest component. */
  readonly error: number
}

/** @param state [d] before the norm @param normed [d] what the model makes of it */
export function holdNorm(norm: FinalNorm, state: Float32Array, normed: Float32Array): HeldNorm {
  const moved = centred(norm, state)
  const gained = moved.map((value, at) => value * float32At(norm.gain, at))
  const rest = normed.map((value, at) => value - float32At(norm.shift, at))
  // The scale that fits best: one number for all components.
  let [squares, products] = [0, 0]
  for (const [at, value] of gained.entries()) {
    squares += value * value
    products += value * float32At(rest, at)
  }
  const scale = squares / products
  let [largest, gap] = [0, 0]
  for (const [at, value] of gained.entries()) {
    largest = Math.max(largest, Math.abs(float32At(rest, at)))
    gap = Math.max(gap, Math.abs(value / scale - float32At(rest, at)))
  }
  return { ...norm, scale, error: gap / largest }
}

/** Gradient [d] at the state of direction . norm(state), the scale held. */
export function heldGradient({ gain, isCentred, scale }: HeldNorm, direction: Float32Array): Float32Array {
  const gradient = direction.map((value, at) => (value * float32At(gain, at)) / scale)
  return isCentred ? centred({ isCentred }, gradient) : gradient
}

/**
 * Gradient [d] of the same with the scale as it is: sqrt(mean(x^2) + eps) of the state, or of what the mean is taken away from. What it
 * loses against the held one is its part along the state: a norm does not see how long its state is.
 */
export function fullGradient(norm: HeldNorm, direction: Float32Array, state: Float32Array): Float32Array {
  const held = heldGradient(norm, direction)
  const moved = centred(norm, state)
  let product = 0
  for (const [at, value] of moved.entries()) product += value * float32At(held, at)
  const share = product / (state.length * norm.scale ** 2)
  return held.map((value, at) => value - share * float32At(moved, at))
}

function centred({ isCentred }: Pick<FinalNorm, 'isCentred'>, values: Float32Array): Float32Array {
  if (!isCentred) return values
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}
