// Counterfactuals: the smallest edits that flip the answer, asked for, searched, and shown as the edited text.

import { useTranslation } from 'react-i18next'
import { useApp, useService, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { isApart } from '#panels/shared/unit-text.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { Icon } from '#ui/icon'
import { PopoverButton } from '#ui/popover-button'
import { SelectBox } from '#ui/select-box'
import type { EditedAnswer, FoundEdits } from '../api.ts'
import { COUNTERFACTUAL_MOVES, COUNTERFACTUALS, WHAT_IF } from '../state/what-if.ts'
import { useEditActions } from './use-edit-actions.tsx'
import { useGoalText } from './use-goal-text.tsx'

const GOALS = ['flip', 'halve'] as const

/** The goal and what may be done, in the toolbar. */
export function CounterfactualFields() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { counterfactualGoal, counterfactualMoves } = useSettings('counterfactualGoal', 'counterfactualMoves')
  const goalText = useGoalText()
  const offered = useOfferedMoves()
  return (
    <>
      <SelectBox
        label={t('whatIf.goal')}
        value={counterfactualGoal}
        options={GOALS.map((value) => ({ value, text: goalText(value) }))}
        onChange={(goal) => actions.set({ counterfactualGoal: goal })}
      />
      <PopoverButton
        title={t('whatIf.edits')}
        look="plain"
        text={
          <>
            {t('whatIf.editsChosen', { count: counterfactualMoves.filter((move) => offered.includes(move)).length })}
            <Icon name="down" />
          </>
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is tried */}
        <div className="edit-families" role="group" aria-label={t('whatIf.edits')}>
          {offered.map((move) => (
            <CheckField
              key={move}
              label={t(`whatIf.moves.${move}`)}
              isSelected={counterfactualMoves.includes(move)}
              onChange={(on) =>
                actions.set({
                  counterfactualMoves: COUNTERFACTUAL_MOVES.filter((known) => (known === move ? on : counterfactualMoves.includes(known))),
                })
              }
            />
          ))}
        </div>
      </PopoverButton>
    </>
  )
}

function useOfferedMoves() {
  const hasMask = useApp(({ model }) => model.status === 'ready' && model.card.maskToken !== null)
  return COUNTERFACTUAL_MOVES.filter((move) => move !== 'mask' || hasMask)
}

export function CounterfactualList() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const exported = useExportTarget()
  const whatIf = useService(WHAT_IF)
  const { counterfactualMoves } = useSettings('counterfactualMoves')
  const answer = useApp((state) => state.a.answer)
  const isLoading = useApp(({ model }) => model.status === 'loading')
  const isReady = useApp(({ model }) => model.status === 'ready')
  const lacksGradients = useApp(({ model }) => model.status === 'ready' && model.card.gradients !== 'yes')
  const counterfactuals = useApp(COUNTERFACTUALS.of)
  const offered = useOfferedMoves()
  const current =
    counterfactuals !== null && answer !== null && sameInput(counterfactuals.question.input, answer.input) ? counterfactuals : null
  const state = current?.answer ?? null
  const running = current?.status === 'running'
  const shown =
    state === null ? [] : state.found.length > 0 ? state.found : current?.status === 'done' && state.closest ? [state.closest] : []
  return (
    <section className="what-if-part" aria-label={t('whatIf.views.counterfactuals')}>
      <div className="what-if-status">
        {running ? (
          <Button icon="close" onPress={() => whatIf.stop('counterfactuals')}>
            {t('asked.stop')}
          </Button>
        ) : (
          <Button
            look="primary"
            isDisabled={!isReady || answer === null || offered.every((move) => !counterfactualMoves.includes(move))}
            onPress={whatIf.search}
          >
            {t('whatIf.search')}
          </Button>
        )}
        <p className="note" role="status">
          {isLoading && t('whatIf.waiting')}
          {current && <SearchStatus />}
        </p>
      </div>
      {counterfactualMoves.includes('replace') && lacksGradients && <p className="note">{t('whatIf.noWords')}</p>}
      {current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {answer && shown.length > 0 && (
        <div ref={exported}>
          <ol className="counterfactual-list" aria-label={t('whatIf.views.counterfactuals')}>
            {shown.map((found) => (
              <li key={JSON.stringify(found.edits)} className="counterfactual">
                <Counterfactual found={found} answer={answer} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}

/** How far the search is, and what it came to. */
function SearchStatus() {
  const { t } = useTranslation()
  const current = useApp(COUNTERFACTUALS.of)
  const state = current?.answer ?? null
  if (current?.status === 'failed') return null
  if (state === null) return current?.status === 'stopped' ? t('whatIf.stoppedEarly') : t('asked.running')
  const tried = t('whatIf.tried', { count: state.tried, size: state.size })
  if (current?.status === 'running') return state.left > 0 ? `${tried} ${t('whatIf.leftOfSize', { count: state.left })}` : tried
  if (current?.status === 'stopped') return `${tried} ${t('asked.stopped')}`
  if (state.found.length > 0) return tried
  return `${t('whatIf.noCounterfactual', { size: state.size })} ${state.closest ? t('whatIf.closest') : ''}`
}

interface CounterfactualProps {
  readonly found: FoundEdits
  readonly answer: SideAnswer
}

function Counterfactual({ found, answer }: CounterfactualProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const goal = useApp((app) => app.settings.counterfactualGoal)
  const { apply, openAsB } = useEditActions()
  return (
    <>
      <EditedText found={found} answer={answer} />
      {found.answer && <NewAnswer answer={found.answer} />}
      <span className="note">
        {t(`whatIf.${found.margin < 0 ? 'margins' : 'missed'}.${goal}`, { margin: format.weight(Math.abs(found.margin)) })}
      </span>
      <span className="edit-actions" data-not-exported="">
        <Button look="quiet" onPress={() => apply(found.edits)}>
          {t('whatIf.apply')}
        </Button>
        <Button look="quiet" onPress={() => openAsB(found.edits)}>
          {t('whatIf.openAsB')}
        </Button>
      </span>
    </>
  )
}

/** What the model answers to the edited text, and what is left of the target where that is another one. */
function NewAnswer({ answer: { label, probability, targetProbability } }: { readonly answer: EditedAnswer }) {
  const format = useFormat()
  const { alone: target } = useTargetText()
  const name = label.trim() === '' ? `“${label}”` : format.label(label.trim())
  return (
    <span className="counterfactual-answer">
      <b>{name}</b>
      {probability !== null && ` ${format.percent(probability)}`}
      {targetProbability !== null && target !== name && <span className="note">{` · ${target} ${format.percent(targetProbability)}`}</span>}
    </span>
  )
}

/** The text with its changes in place. */
function EditedText({ found, answer: { row } }: CounterfactualProps) {
  const changes = new Map(found.changes.map(({ token, word }) => [token, word]))
  return (
    <span className="counterfactual-text" dir="auto">
      {row.tokens.map((token, index) => {
        if (token.source === 'template') return null
        const word = changes.get(index)
        const label = word === undefined ? token.label : token.label.trim()
        const isSpaced = isApart(row.tokens, index) || (word !== undefined && /^\s/.test(token.label))
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens stand in their places
          <span key={index}>
            {isSpaced && ' '}
            {word === undefined ? label : <del>{label}</del>}
            {word != null && <ins>{word}</ins>}
          </span>
        )
      })}
    </span>
  )
}
