// The second model's reading of sentence A: its tokens, its answer, and how it is coming along.

import { useTranslation } from 'react-i18next'
import { nameOfRef } from '#state/model/model-names'
import { comparedModel } from '#state/reference'
import { Button } from '#ui/button'
import { LoadLine } from '../model/load-line.tsx'
import { useApp, useServices } from '../shared/app-context.tsx'
import { PredictionPanel } from '../shared/prediction-panel.tsx'
import { useModelName, useModelQuestion } from '../shared/use-model-name.tsx'
import { shownText } from './shown-text.ts'
import { SideNotes, type SideNotesProps } from './side-notes.tsx'
import { TokenText } from './token-text.tsx'
import { useSideTokens } from './use-side-tokens.tsx'

export function ModelSide() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const modelName = useModelName()
  const question = useModelQuestion()
  const isEdited = useApp((state) => state.settings.editsA.length > 0)
  const showsSpecials = useApp((state) => state.settings.specials === 'shown')
  const model = useApp((state) => state.modelB)
  const compared = useApp((state) => comparedModel(state) === 'modelB')
  const answer = useApp((state) => (compared ? (state.reference?.answer ?? null) : null))
  const isRunning = useApp((state) => state.reference?.status === 'running')
  const strip = useSideTokens('b', answer)
  if (model === null) return null
  const name = modelName(model.status === 'ready' ? model.card.name : nameOfRef(model.ref))
  const skipsEdits = isEdited && answer !== null && answer.input.edits.length === 0
  return (
    <section className="side side-b side-model" aria-label={t('compare.modelSide', { name })} aria-busy={isRunning}>
      <div className="side-main">
        <h2 className="side-model-name">
          <span>{t('compare.modelSide', { name })}</span>
          <Button look="quiet" icon="close" label={t('compare.removeModel')} onPress={() => actions.chooseModel('modelB', null)} />
        </h2>
        {model.status !== 'ready' && <LoadLine slot="modelB" />}
        {answer && (
          <TokenText
            name="B"
            tokens={answer.row.tokens}
            shown={shownText(answer.input.text, answer.row.tokens, answer.input.edits.length > 0)}
            showSpecials={showsSpecials}
            {...strip}
            marks={NO_MARKS}
            onEdit={null}
            onReplace={null}
          />
        )}
        {skipsEdits && <p className="note note-warning">{t('compare.editsSkipped')}</p>}
        {compared && <ReferenceNotes model={model} />}
      </div>
      {answer && (
        <div className="side-answer">
          <p className="question">{question(model)}</p>
          <PredictionPanel name={name} side="b" answer={answer} reference={null} selected={strip.selected} />
        </div>
      )}
    </section>
  )
}

function ReferenceNotes({ model }: Pick<SideNotesProps, 'model'>) {
  const reference = useApp((state) => state.reference)
  return reference && <SideNotes state={reference} model={model} />
}

const NO_MARKS = { replaced: new Map(), missing: new Map() }
