/** Softmax of a vector: exp(x - max) / sum. Empty in, empty out. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY)
  const exponentials = logits.map((value) => Math.exp(value - largest))
  const sum = exponentials.reduce((total, value) => total + value, 0)
  return exponentials.map((value) => value / sum)
}

/** Entropy of a distribution, in nats. */
export function entropyOf(probabilities: Iterable<number>): number {
  let entropy = 0
  for (const probability of probabilities) if (probability > 0) entropy -= probability * Math.log(probability)
  return entropy
}
