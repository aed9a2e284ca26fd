// A and B on one line. Each is typed in in the line's own place: the field that has the focus is seen, else what differs.

import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { currentDifference } from '#state/layout/panes'
import { useApp, useServices } from '../shared/app-context.tsx'
import { PredictionPanel, tellsBoth } from '../shared/prediction-panel.tsx'
import { useModelQuestion } from '../shared/use-model-name.tsx'
import { DiffLine } from './diff-line.tsx'
import { RunNotes } from './run-notes.tsx'
import { SideField } from './side-field.tsx'
import { SideFoot } from './side-foot.tsx'
import { type Side, useSide } from './use-side.ts'

export interface SentencePairProps {
  /** B takes the focus when it appears. */
  readonly takesFocus: boolean
  /** What is said of A, below the line. */
  readonly children?: ReactNode
}

export function SentencePair({ takesFocus, children }: SentencePairProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const model = useApp((state) => state.model)
  const question = useModelQuestion()
  const chosen = useApp((state) => state.settings.token)
  const alignment = useApp((state) => currentDifference(state)?.alignment ?? null)
  const fields = { a: useRef<HTMLElement>(null), b: useRef<HTMLElement>(null) }
  const a = useSide('a', fields.a)
  const b = useSide('b', fields.b)
  const pick = (side: 'a' | 'b', index: number, caret: number): void => {
    const field = fields[side].current?.querySelector('textarea')
    field?.focus()
    field?.setSelectionRange(caret, caret)
    if (index >= 0) actions.set({ token: { side, index }, key: null })
  }
  const names = { a: t('input.sentenceA'), b: t('input.sentenceB') }
  const answers: readonly Side[] = tellsBoth(a.answer, b.answer) ? [a] : [a, b]
  return (
    <div className="side side-pair">
      <div className="side-main">
        <div className="pair">
          {[a, b].map((of) => (
            <section key={of.side} ref={fields[of.side]} aria-label={names[of.side]} aria-busy={of.isRunning}>
              <SideField of={of} label={names[of.side]} named takesFocus={takesFocus && of.side === 'b'} />
            </section>
          ))}
          <DiffLine
            a={a.answer}
            b={b.answer}
            alignment={alignment}
            tints={{ a: a.selection.tint, b: b.selection.tint }}
            selected={chosen}
            onPick={pick}
          />
        </div>
        {children}
        <SideFoot {...a} />
        <SideFoot {...b} />
        <RunNotes side="a" model={model} name="A" />
        <RunNotes side="b" model={model} name="B" />
      </div>
      {a.answer && (
        <div className="side-answer">
          <p className="question">{question(model)}</p>
          <div className={answers.length > 1 ? 'answers' : undefined}>
            {answers.map(
              ({ side, answer, other, selection }) =>
                answer && (
                  <PredictionPanel
                    key={side}
                    name={names[side]}
                    side={side}
                    answer={answer}
                    reference={side === 'a' ? other : null}
                    selected={selection.selected}
                  />
                ),
            )}
          </div>
        </div>
      )}
    </div>
  )
}
