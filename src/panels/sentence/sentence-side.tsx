// One side of the page: the text, its tokens in it, what can be done to the chosen one, and the prediction.

import { type ReactNode, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SideAnswer } from '#state/app-state'
import { currentDifference } from '#state/layout/panes'
import type { TokenEdit } from '#text/edit'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { PredictionPanel } from '../shared/prediction-panel.tsx'
import { useModelQuestion } from '../shared/use-model-name.tsx'
import { changeMarks } from './change-marks.ts'
import { SentenceField, type SentenceFieldProps } from './sentence-field.tsx'
import { shownRun, textOf } from './shown-run.ts'
import { inNewText, type ShownText, shownText } from './shown-text.ts'
import { SideNotes, type SideNotesProps } from './side-notes.tsx'
import { LONG_TEXT, TokenText, type TokenTextProps } from './token-text.tsx'
import { TokenToolbar } from './token-toolbar.tsx'
import { useSideTokens } from './use-side-tokens.tsx'

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
  const { actions } = useServices()
  const edits = useApp(({ settings }) => (side === 'a' ? settings.editsA : settings.editsB).length)
  const model = useApp((state) => state.model)
  const answer = useApp((state) => shownRun(state, side)?.answer ?? null)
  const isRunning = useApp((state) => shownRun(state, side)?.status === 'running')
  const other = useApp((state) => (side === 'a' ? state.reference?.answer : state.a.answer) ?? null)
  const alignment = useApp((state) => currentDifference(state)?.alignment ?? null)
  const question = useModelQuestion()
  const [replacing, setReplacing] = useState(false)
  const selection = useSideTokens(side, answer)
  const { selected } = selection
  const marks = useMemo(
    () => changeMarks(side, alignment, answer?.row.tokens ?? [], other?.row.tokens ?? []),
    [side, alignment, answer, other],
  )
  const name = t(side === 'a' ? 'input.sentenceA' : 'input.sentenceB')
  const edit = (change: TokenEdit): void => actions.edit(side, change)
  const main = useRef<HTMLDivElement>(null)
  /** The toolbar goes with the edit; the focus that it had goes back to the token. */
  const focusToken = (): void => main.current?.querySelector<HTMLElement>(`[data-index="${selected}"]`)?.focus()
  const select = (index: number): void => {
    setReplacing(false)
    selection.onSelect(index)
  }

  return (
    <section className={`side side-${side}`} aria-label={named ? name : undefined} aria-busy={isRunning}>
      <div ref={main} className="side-main">
        <SideField
          side={side}
          named={named}
          name={name}
          isRunning={isRunning}
          takesFocus={takesFocus}
          answer={answer}
          marks={marks}
          {...selection}
          onSelect={select}
          onEdit={edit}
          onReplace={(index) => {
            actions.set({ token: { side, index }, key: null })
            setReplacing(true)
          }}
        />
        {children}
        <div className="side-foot">
          {selected !== null && answer && (
            <TokenToolbar
              tokens={answer.row.tokens}
              index={selected}
              maskToken={model.status === 'ready' ? model.card.maskToken : null}
              replacing={replacing}
              onReplacing={(on) => {
                setReplacing(on)
                if (!on) focusToken()
              }}
              onEdit={(change) => {
                edit(change)
                focusToken()
              }}
            />
          )}
          {answer?.precomputed && (
            <p className="note" title={t('input.precomputedHint')}>
              <span className="tag">{t('input.precomputed')}</span> <span className="ui-hidden">{t('input.precomputedHint')}</span>
            </p>
          )}
          {edits > 0 && (
            <p className="edits-note">
              {t('input.editsNote', { count: edits })}
              <Button look="quiet" onPress={() => actions.clearEdits(side)}>
                {t('input.restore')}
              </Button>
            </p>
          )}
        </div>
        <RunNotes side={side} model={model} />
      </div>
      {answer && (
        <div className="side-answer">
          {side === 'a' && <p className="question">{question(model)}</p>}
          <PredictionPanel name={name} side={side} answer={answer} reference={side === 'a' ? other : null} selected={selected} />
        </div>
      )}
    </section>
  )
}

interface SideFieldProps
  extends Pick<SentenceFieldProps, 'isRunning' | 'takesFocus'>,
    Omit<TokenTextProps, 'name' | 'tokens' | 'shown' | 'showSpecials'> {
  readonly side: 'a' | 'b'
  readonly named: boolean
  readonly name: string
  readonly answer: SideAnswer | null
}

const NOTHING: ShownText = { text: '', spans: [] }

/** All of a side that is drawn at every keystroke. */
function SideField({ side, named, name, answer, isRunning, takesFocus = false, tint, ...tokens }: SideFieldProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const typed = useApp((state) => textOf(state, side))
  const showsSpecials = useApp((state) => state.settings.specials === 'shown')
  const known = useMemo(() => (answer ? shownText(answer.input.text, answer.row.tokens, answer.input.edits.length > 0) : NOTHING), [answer])
  const isCurrent = answer?.input.text === typed
  const shown = useMemo(() => (isCurrent ? known : inNewText(known, typed)), [isCurrent, known, typed])
  return (
    <div className={shown.text.length > LONG_TEXT ? 'sentence is-long' : 'sentence'}>
      <SentenceField
        label={named ? name : t('input.sentence')}
        badge={named ? side.toUpperCase() : null}
        value={shown.text}
        isRunning={isRunning}
        takesFocus={takesFocus}
        onChange={(changed) => actions.type(side, changed)}
        onCommit={actions.commit}
        onToken={tokens.onSelect}
        onHover={tokens.onHover}
      >
        <TokenText
          name={side.toUpperCase()}
          tokens={answer?.row.tokens ?? []}
          shown={shown}
          showSpecials={showsSpecials}
          tint={isCurrent ? tint : null}
          {...tokens}
        />
      </SentenceField>
    </div>
  )
}

function RunNotes({ side, model }: Pick<SideFieldProps, 'side'> & Pick<SideNotesProps, 'model'>) {
  const text = useApp((state) => textOf(state, side))
  const run = useApp((state) => shownRun(state, side))
  return <SideNotes state={run ?? { input: { text, edits: [] }, status: 'done', error: null, answer: null }} model={model} />
}
