// What a target is to fall behind.

import type { AttributionTarget } from '#methods/attribution'
import { kindOf, type Prediction } from './answer-kinds.ts'

/** The contrast, or, of a whole vocabulary, what the model finds likeliest beside the target. null: any other answer. */
export function rivalOf(prediction: Prediction, target: AttributionTarget): number | null {
  const kind = kindOf(prediction)
  return target.foil ?? (kind.overVocabulary ? kind.runnerUp(prediction, target) : null)
}
