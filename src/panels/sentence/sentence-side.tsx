// One side of the page: the text, its tokens in it, what can be done to the chosen one, and the prediction.

import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '../shared/app-context.tsx'
import { PredictionPanel } from '../shared/prediction-panel.tsx'
import { useModelQuestion } from '../shared/use-model-name.tsx'
import { RunNotes } from './run-notes.tsx'
import { SideField } from './side-field.tsx'
import { SideFoot } from './side-foot.tsx'
import { useSide } from './use-side.ts'

export interface SentenceSideProps {
  readonly side: 'a' | 'b'
  /** With a second sentence on the page the sides have names. */
  readonly named: boolean
  readonly takesFocus?: boolean
  /** What is said of the text, below it. */
  readonly children?: ReactNode
}

export function SentenceSide({ side, named, takesFocus = false, children }: SentenceSideProps) {
  const { t } = useTranslation()
  const model = useApp((state) => state.model)
  const question = useModelQuestion()
  const main = useRef<HTMLDivElement>(null)
  const of = useSide(side, main)
  const { answer, other, selection } = of
  const name = t(side === 'a' ? 'input.sentenceA' : 'input.sentenceB')
  return (
    <section className={`side side-${side}`} aria-label={named ? name : undefined} aria-busy={of.isRunning}>
      <div ref={main} className="side-main">
        <SideField of={of} label={named ? name : ''} named={named} takesFocus={takesFocus} />
        {children}
        <SideFoot {...of} />
        <RunNotes side={side} model={model} />
      </div>
      {answer && (
        <div className="side-answer">
          {side === 'a' && <p className="question">{question(model)}</p>}
          <PredictionPanel name={name} side={side} answer={answer} reference={side === 'a' ? other : null} selected={selection.selected} />
        </div>
      )}
    </section>
  )
}
