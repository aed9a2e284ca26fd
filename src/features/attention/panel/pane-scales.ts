// Colours of the panes: one scale for the attention of both sides, one for their difference, one for products with gradients.

import { layOut } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import { largestMagnitude } from '#tensor/vector'
import type { ColourScale } from '#views/kit/chart'
import { scaleFor } from './axis.ts'

/** The scale of each pane; it holds all values that are drawn, not those of tokens that are set aside. */
export function scalesOf(panes: readonly Pane[], isGradientAttention: boolean): (pane: Pane) => ColourScale {
  const values = (side: (of: Pane['side']) => boolean): readonly Float32Array[] =>
    panes.filter((pane) => side(pane.side)).flatMap(({ frame, matrices }) => matrices.map((matrix) => layOut(frame, matrix)))
  if (isGradientAttention) {
    const max = Math.max(0, ...values(() => true).map(largestMagnitude)) || 1
    return () => ({ kind: 'difference', max })
  }
  const attention = scaleFor(
    'attention',
    values((side) => side !== 'difference'),
  )
  const signed = scaleFor(
    'difference',
    values((side) => side === 'difference'),
  )
  return ({ side }) => (side === 'difference' ? signed : attention)
}
