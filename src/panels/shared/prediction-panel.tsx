// What the model answers on one side, in the form that its task has.

import type { ComponentType } from 'react'
import { type AnswerKindId, type AnswerOf, ofKind } from '#answers/answer-kinds'
import type { SideAnswer } from '#state/app-state'
import { ANSWER_COMPONENTS } from './answer-components.ts'
import type { AnswerProps, PredictionProps } from './prediction-props.ts'
import './prediction.css'

export function PredictionPanel(props: PredictionProps) {
  return <OfKind kind={props.answer.prediction.kind} {...props} />
}

/** Whether the panel of one answer that is given the other says all of both. */
export function tellsBoth(one: SideAnswer | null, other: SideAnswer | null): boolean {
  const kind = one?.prediction.kind
  return (kind === 'classes' || kind === 'embedding') && other?.prediction.kind === kind
}

function OfKind<Kind extends AnswerKindId>({ kind, ...props }: PredictionProps & { readonly kind: Kind }) {
  const Component: ComponentType<AnswerProps<AnswerOf<Kind>>> = ANSWER_COMPONENTS[kind]
  const prediction = ofKind(kind, props.answer.prediction)
  return prediction && <Component {...props} prediction={prediction} other={props.reference && ofKind(kind, props.reference.prediction)} />
}
