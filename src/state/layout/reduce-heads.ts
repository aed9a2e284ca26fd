import type { TokenFocus } from '#methods/attention/focus'
import { float32At } from '#tensor/vector'

/** [layers, heads, T] to [layers, T]: the mean over heads, or their maximum. */
export function reduceHeads({ layers, heads, tokens }: TokenFocus, values: Float32Array, reduce: 'each' | 'mean' | 'max'): Float32Array {
  const reduced = new Float32Array(layers * tokens)
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      for (let j = 0; j < tokens; j++) {
        const value = float32At(values, (layer * heads + head) * tokens + j)
        const at = layer * tokens + j
        const before = float32At(reduced, at)
        reduced[at] = reduce === 'max' ? Math.max(before, value) : before + value / heads
      }
    }
  }
  return reduced
}
