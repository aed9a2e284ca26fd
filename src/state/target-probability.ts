// How likely the target is, whatever number of it the reader counts in.

import type { AttributionTarget } from '#methods/attribution'
import type { SideAnswer } from './app-state.ts'

/**
 * @param target as it stands in this answer
 * @param output the target's number there, where it is known
 * @returns 0..1; null where it cannot be told from what is known
 */
export function targetProbability(
  { prediction, chosen }: Pick<SideAnswer, 'prediction' | 'chosen'>,
  { index, foil, position, space }: AttributionTarget,
  output: number | null,
): number | null {
  switch (prediction.kind) {
    case 'classes':
      return prediction.probabilities[index] ?? null
    case 'tags':
      return prediction.probabilities[(position ?? 0) * prediction.labels.length + index] ?? null
    case 'embedding':
      return null
    case 'tokens': {
      const there = chosen?.position === position ? chosen : prediction.positions.find((one) => one.position === position)
      const candidate = there?.candidates.find(({ id }) => id === index)
      if (candidate) return candidate.probability
      if (output === null || foil !== null) return null
      if (space !== 'score') return space === 'probability' ? output : Math.exp(output)
      const [known] = there?.candidates ?? []
      // All scores of a place become probabilities by the same divisor.
      return known ? known.probability * Math.exp(output - known.logit) : null
    }
  }
}
