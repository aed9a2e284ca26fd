// What the model answers on one side, in the form that its task has.

import type { ComponentType } from 'react'
import { type AnswerKindId, type AnswerOf, ofKind } from '#answers/answer-kinds'
import { ANSWER_COMPONENTS } from './answer-components.ts'
import type { AnswerProps, PredictionProps } from './prediction-props.ts'
import './prediction.css'

export function PredictionPanel(props: PredictionProps) {
  return <OfKind kind={props.answer.prediction.kind} {...props} />
}

function OfKind<Kind extends AnswerKindId>({ kind, ...props }: PredictionProps & { readonly kind: Kind }) {
  const Component: ComponentType<AnswerProps<AnswerOf<Kind>>> = ANSWER_COMPONENTS[kind]
  const prediction = ofKind(kind, props.answer.prediction)
  return prediction && <Component {...props} prediction={prediction} other={props.reference && ofKind(kind, props.reference.prediction)} />
}
