import type { Prediction } from '#protocol/prediction'
import { cosine } from '#tensor/vector'

/** Cosine of the angle between two inputs' mean hidden states, -1..1; null where one has none, or where their widths differ. */
export function similarityOf(one: Prediction, other: Prediction): number | null {
  if (one.kind !== 'embedding' || other.kind !== 'embedding' || one.vector.length !== other.vector.length) return null
  const similarity = cosine(one.vector, other.vector)
  return Number.isNaN(similarity) ? null : similarity
}
