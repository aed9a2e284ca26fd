// The component of each kind of answer.

import type { ComponentType } from 'react'
import type { AnswerKindId, AnswerOf } from '#answers/answer-kinds'
import { PredictionBars } from './prediction-bars.tsx'
import type { AnswerProps } from './prediction-props.ts'
import { Similarity } from './similarity.tsx'
import { SpanText } from './span-text.tsx'
import { TagBars } from './tag-bars.tsx'
import { TokenCandidates } from './token-candidates.tsx'

type Components = { readonly [Kind in AnswerKindId]: ComponentType<AnswerProps<AnswerOf<Kind>>> }

export const ANSWER_COMPONENTS: Components = {
  classes: PredictionBars,
  tags: TagBars,
  span: SpanText,
  tokens: TokenCandidates,
  embedding: Similarity,
}
