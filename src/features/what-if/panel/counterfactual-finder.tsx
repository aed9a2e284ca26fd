// The smallest change that turns the answer over: asked for, searched, and opened beside the text.

import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useService, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { SelectBox } from '#ui/select-box'
import type { FoundEdits } from '../api.ts'
import { COUNTERFACTUAL_MOVES, COUNTERFACTUALS, WHAT_IF } from '../state/what-if.ts'
import { EditDetail } from './edit-detail.tsx'
import type { EditRowsProps } from './edit-rows.tsx'
import { useOpenedEdits } from './use-opened-edits.ts'
import { useStayInPlace } from './use-stay-in-place.ts'

const GOALS = ['flip', 'halve'] as const

type Place = Pick<EditRowsProps, 'isPlace' | 'onOpen'>

export function CounterfactualFinder(place: Place) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions } = useServices()
  const whatIf = useService(WHAT_IF)
  const { counterfactualGoal, counterfactualMoves } = useSettings('counterfactualGoal', 'counterfactualMoves')
  const answer = useApp((state) => state.a.answer)
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const counterfactuals = useApp(COUNTERFACTUALS.of)
  const target = useTargetText()
  const current =
    counterfactuals !== null && answer !== null && sameInput(counterfactuals.question.input, answer.input) ? counterfactuals : null
  const state = current?.answer ?? null
  const running = current?.status === 'running'
  const offered = COUNTERFACTUAL_MOVES.filter((move) => move !== 'mask' || card?.maskToken != null)
  return (
    <section className="what-if-part" aria-label={t('whatIf.counterfactuals')}>
      <h2>{t('whatIf.counterfactuals')}</h2>
      <div className="chart-heads">
        <SelectBox
          label={t('whatIf.goal')}
          value={counterfactualGoal}
          options={GOALS.map((value) => ({ value, text: t(`whatIf.goals.${value}`, { target: target.text }) }))}
          onChange={(goal) => actions.set({ counterfactualGoal: goal })}
        />
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
        {running ? (
          <Button icon="close" onPress={() => whatIf.stop('counterfactuals')}>
            {t('asked.stop')}
          </Button>
        ) : (
          <Button
            look="primary"
            isDisabled={answer === null || offered.every((move) => !counterfactualMoves.includes(move))}
            onPress={whatIf.search}
          >
            {t('whatIf.search')}
          </Button>
        )}
      </div>
      {counterfactualMoves.includes('replace') && card !== null && card.gradients !== 'yes' && (
        <p className="note">{t('whatIf.noWords')}</p>
      )}
      {state && (
        <p className="note" role="status">
          {t('whatIf.tried', { count: state.tried, size: state.size })}
          {running && state.left > 0 && ` ${t('whatIf.leftOfSize', { count: state.left })}`}
          {current?.status === 'stopped' && ` ${t('asked.stopped')}`}
        </p>
      )}
      {state === null && (running || current?.status === 'stopped') && (
        <p className="note" role="status">
          {running ? t('asked.running') : t('whatIf.stoppedEarly')}
        </p>
      )}
      {current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {state && answer && (
        <ul className="counterfactual-list">
          {state.found.map((found) => (
            <li key={JSON.stringify(found.edits)}>
              <Counterfactual found={found} answer={answer} {...place} />
            </li>
          ))}
        </ul>
      )}
      {state && answer && current?.status === 'done' && state.found.length === 0 && (
        <div className="note">
          {t('whatIf.noCounterfactual', { size: state.size })} {state.closest && t('whatIf.closest')}
          {state.closest && <Counterfactual found={state.closest} answer={answer} {...place} />}
        </div>
      )}
      <p className="shows">
        {t('whatIf.counterfactualsShow')} <span className="shows-not">{t('whatIf.counterfactualsNot')}</span>
      </p>
    </section>
  )
}

interface CounterfactualProps extends Place {
  readonly found: FoundEdits
  readonly answer: SideAnswer
}

/** The text with its changes in place; pressing it opens it as B. */
function Counterfactual({ found, answer, isPlace, onOpen }: CounterfactualProps) {
  const { t } = useTranslation()
  const opened = useOpenedEdits()
  const stay = useStayInPlace()
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const isOpen = isPlace && opened.isOpen(found.edits)
  const close = (): void => {
    if (button.current) stay(button.current)
    button.current?.focus({ preventScroll: true })
    opened.close()
  }
  const open = (): void => {
    if (button.current) stay(button.current)
    onOpen()
    opened.open(found.edits)
  }
  return (
    <div className={`counterfactual-item${isOpen ? ' is-open' : ''}`}>
      <button
        ref={button}
        type="button"
        className="counterfactual"
        title={isOpen ? t('whatIf.closeHint') : t('whatIf.openHint')}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-current={isOpen ? 'true' : undefined}
        onClick={isOpen ? close : open}
      >
        <CounterfactualText found={found} answer={answer} />
      </button>
      {isOpen && <EditDetail id={id} name={t('whatIf.counterfactuals')} answer={answer} outputs={null} onClose={close} />}
    </div>
  )
}

function CounterfactualText({ found, answer }: Pick<CounterfactualProps, 'found' | 'answer'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const goal = useApp((app) => app.settings.counterfactualGoal)
  const changes = new Map(found.changes.map(({ token, word }) => [token, word]))
  return (
    <>
      <span className="counterfactual-text">
        {answer.row.tokens.map((token, index) => {
          if (token.source === 'template') return null
          const word = changes.get(index)
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens stand in their places
          if (word === undefined) return <span key={index}>{token.label} </span>
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens stand in their places
            <span key={index}>
              <del>{token.label.trim()}</del> {word !== null && <ins>{word}</ins>}{' '}
            </span>
          )
        })}
      </span>
      <span className="note">
        {t(`whatIf.${found.margin < 0 ? 'margins' : 'missed'}.${goal}`, { margin: format.weight(Math.abs(found.margin)) })}
      </span>
    </>
  )
}
