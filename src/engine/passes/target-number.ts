// A target's number, from the scores where it stands.

import type { Activation } from '#answers/answer-kind'
import type { AttributionTarget } from '#methods/attribution'
import { elementAt } from '#tensor/vector'

/** @param scores [C] of all classes or tokens @throws RangeError where the target is none of them */
export function targetNumber(
  { index, foil, space }: Pick<AttributionTarget, 'index' | 'foil' | 'space'>,
  activation: Activation,
  scores: Float32Array,
): number {
  const numbers = space === 'score' ? scores : inSpace(scores, space, activation)
  return elementAt(numbers, index) - (foil === null ? 0 : elementAt(numbers, foil))
}

/** Logarithms are not taken of shares, which may be too small for a number. */
function inSpace(scores: Float32Array, space: 'probability' | 'log-probability', activation: Activation): readonly number[] {
  const largest = scores.reduce((max, score) => Math.max(max, score), Number.NEGATIVE_INFINITY)
  const total = largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0))
  const logs = Array.from(scores, (score) =>
    activation === 'softmax' ? score - total : Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score))),
  )
  return space === 'probability' ? logs.map(Math.exp) : logs
}
