import type { Prediction } from '#protocol/prediction'

/** Cosine of the angle between two inputs' mean hidden states, -1..1; null where one has none, or where their widths differ. */
export function similarityOf(one: Prediction, other: Prediction): number | null {
  if (one.kind !== 'embedding' || other.kind !== 'embedding' || one.vector.length !== other.vector.length) return null
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
  const lengths = Math.sqrt(dot(one.vector, one.vector) * dot(other.vector, other.vector))
  return lengths === 0 ? null : dot(one.vector, other.vector) / lengths
}
