// What the parts of the prediction are given.

import type { SideAnswer } from '#state/app-state'

export interface PredictionProps {
  readonly name: string
  readonly side: 'a' | 'b'
  readonly answer: SideAnswer
  /** What it is compared with. */
  readonly reference: SideAnswer | null
  /** The chosen token of this side. */
  readonly selected: number | null
}
