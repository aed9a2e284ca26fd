// Frames of the state as the charts want them.

import type { Frame } from '#state/layout/frame'
import { largestMagnitude } from '#tensor/vector'
import type { AxisToken, ColourScale } from '#views/kit/chart'

export function axisOf(frame: Frame): readonly AxisToken[] {
  return frame.slots.map(({ label, special, changed, gap }) => ({ label, special, changed, gap }))
}

/** Steps at which a scale may end, so that it does not jump with every keystroke. */
const ENDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** A scale that holds the largest magnitude of all values; gaps (NaN) do not count. */
export function scaleFor(kind: ColourScale['kind'], values: readonly Float32Array[]): ColourScale {
  const largest = Math.max(0, ...values.map(largestMagnitude))
  return { kind, max: ENDS.find((end) => largest <= end) ?? 1 }
}
