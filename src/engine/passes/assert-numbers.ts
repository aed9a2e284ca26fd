// What is computed must be numbers: weights or inputs that give NaN end in one named error, before anything is made of them.

import { outOfRange } from '#tensor/vector'
import { EngineError } from '../error.ts'

/** @throws EngineError `not-a-number` where one of the values is NaN or infinite */
export function assertNumbers(...values: readonly ArrayLike<number>[]): void {
  if (values.every(areFinite)) return
  throw new EngineError(
    'not-a-number',
    'The model computes no number here but NaN or infinity: its weights are damaged, or too large for it.',
  )
}

/** Scores may be minus infinity, for tokens that a model never gives. @throws EngineError `not-a-number` */
export function assertScores(scores: ArrayLike<number>): void {
  let hasNumber = scores.length === 0
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? outOfRange(at, scores.length)
    hasNumber ||= Number.isFinite(score)
    if (score !== Number.NEGATIVE_INFINITY && !Number.isFinite(score)) assertNumbers([score])
  }
  if (!hasNumber) assertNumbers(scores)
}

function areFinite(values: ArrayLike<number>): boolean {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return false
  return true
}
