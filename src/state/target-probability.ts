// How likely the target is, whatever number of it the reader counts in.

import { kindOf } from '#answers/answer-kinds'
import type { AttributionTarget } from '#methods/attribution'
import type { SideAnswer } from './app-state.ts'

/**
 * @param target as it stands in this answer
 * @param output the target's number there, where it is known
 * @returns 0..1; null where it cannot be told from what is known
 */
export function targetProbability(
  answer: Pick<SideAnswer, 'prediction' | 'chosen'>,
  target: AttributionTarget,
  output: number | null,
): number | null {
  return kindOf(answer.prediction).probability(answer, target, output)
}
