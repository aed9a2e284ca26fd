// What the parts of the prediction are given.

import type { Prediction } from '#answers/answer-kinds'
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

/** Of the component of one kind of answer. */
export interface AnswerProps<Answer extends Prediction> extends PredictionProps {
  readonly prediction: Answer
  /** The reference's, where it is of the same kind. */
  readonly other: Answer | null
}
