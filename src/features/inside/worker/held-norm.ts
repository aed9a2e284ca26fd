// The way from the end of the stream to the logit that is asked about: the final norm with its scale held, and the head's columns.

import { EngineError } from '#engine/error'
import type { HeadColumns } from '#engine/passes/reading-passes'
import { type HeldNorm, heldGradient, holdNorm } from '#methods/inside/final-norm'
import { product } from '#methods/inside/logit-attribution'
import { float32At } from '#tensor/vector'
import { type Reading, stateAt } from './reading.ts'

export interface HeldReadout {
  /** What the output projections make of the heads, a layer each. */
  readonly projected: readonly Float32Array[]
  readonly norm: HeldNorm
  /** [d]: the stream where it ends. */
  readonly end: Float32Array
  /** [d]: what the target's logit, less the foil's, multiplies the normed state by. */
  readonly direction: Float32Array
  /** [d]: the gradient of that at the end of the stream, the scale held. */
  readonly gradient: Float32Array
  /** What the norm's shift and the head's bias add to it. */
  readonly constant: number
  /** The logit, less the foil's, as the model has it. */
  readonly difference: number
}

/** The norm and the logit must be as they are taken to be, relative to the largest number: float16 files round. */
const TOLERANCE = 5e-3

/**
 * @param joinedHeads for each layer's output projection, where something is to be projected
 * @throws EngineError `not-a-sum` where the head is not a norm and a product, `run-failed`
 */
export async function holdReadout(
  { passes, row, stream, position, target, foil, turn }: Reading,
  joinedHeads: readonly Float32Array[] = [],
): Promise<HeldReadout> {
  const { linear } = passes
  if (linear === null) throw new EngineError('not-a-sum', 'The head of this model is not a norm and a product.')
  const end = stateAt(stream, stream.states.length - 1, position)
  const constants = await turn(() => linear.finalNorm())
  const tokens = foil === null ? [target.id] : [target.id, foil.id]
  const { normed, columns, projected } = await turn(() => linear.read({ state: end, tokens, joinedHeads }))
  const scores = await turn(() => linear.answer(row, position))
  const norm = holdNorm(constants, end, normed)
  const { direction, bias } = directionOf(columns)
  const gradient = heldGradient(norm, direction)
  const constant = product(direction, norm.shift) + bias
  const difference = float32At(scores, target.id) - (foil === null ? 0 : float32At(scores, foil.id))
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 1)
  const gap = Math.abs(product(gradient, end) + constant - difference) / largest
  // NaN is no agreement either.
  if (!(norm.error <= TOLERANCE && gap <= TOLERANCE))
    throw new EngineError('not-a-sum', 'The logits of this model are no linear function of its last state and one scale.')
  return { projected, norm, end, direction, gradient, constant, difference }
}

function directionOf({ weights, biases }: HeadColumns): { readonly direction: Float32Array; readonly bias: number } {
  const [target = new Float32Array(), foil] = weights
  const [own = 0, other = 0] = biases
  return { direction: foil === undefined ? target : target.map((value, at) => value - float32At(foil, at)), bias: own - other }
}
