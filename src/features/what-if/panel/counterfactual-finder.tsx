// The smallest change that turns the answer over: asked for, searched, and opened beside the text.

import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { SelectBox } from '#ui/select-box'
import type { FoundEdits } from '../api.ts'
import { FLIP_MOVES } from '../state/what-if.ts'
import { EditDetail } from './edit-detail.tsx'
import type { EditRowsProps } from './edit-rows.tsx'
import { useOpenedEdits } from './use-opened-edits.ts'
import { useStayInPlace } from './use-stay-in-place.ts'

const GOALS = ['flip', 'halve'] as const

type Place = Pick<EditRowsProps, 'isPlace' | 'onOpen'>

export function CounterfactualFinder(place: Place) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions, whatIf } = useServices()
  const { flipGoal, flipMoves } = useApp((state) => state.settings)
  const answer = useApp((state) => state.a.answer)
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const flips = useApp((state) => state.flips)
  const target = useTargetText()
  const current = flips !== null && answer !== null && sameInput(flips.input, answer.input) ? flips : null
  const state = current?.answer ?? null
  const running = current?.status === 'running'
  const offered = FLIP_MOVES.filter((move) => move !== 'mask' || card?.maskToken != null)
  return (
    <section className="what-if-part" aria-label={t('whatIf.flips')}>
      <h2>{t('whatIf.flips')}</h2>
      <div className="chart-heads">
        <SelectBox
          label={t('whatIf.goal')}
          value={flipGoal}
          options={GOALS.map((value) => ({ value, text: t(`whatIf.goals.${value}`, { target: target.text }) }))}
          onChange={(goal) => actions.set({ flipGoal: goal })}
        />
        {offered.map((move) => (
          <CheckField
            key={move}
            label={t(`whatIf.moves.${move}`)}
            isSelected={flipMoves.includes(move)}
            onChange={(on) => actions.set({ flipMoves: FLIP_MOVES.filter((known) => (known === move ? on : flipMoves.includes(known))) })}
          />
        ))}
        {running ? (
          <Button icon="close" onPress={() => whatIf.stop('flips')}>
            {t('attribution.stop')}
          </Button>
        ) : (
          <Button look="primary" isDisabled={answer === null || offered.every((move) => !flipMoves.includes(move))} onPress={whatIf.search}>
            {t('whatIf.search')}
          </Button>
        )}
      </div>
      {flipMoves.includes('replace') && card !== null && card.gradients !== 'yes' && <p className="note">{t('whatIf.noWords')}</p>}
      {state && (
        <p className="note" role="status">
          {t('whatIf.tried', { count: state.tried, size: state.size })}
          {running && state.left > 0 && ` ${t('whatIf.leftOfSize', { count: state.left })}`}
          {current?.status === 'stopped' && ` ${t('attribution.stopped')}`}
        </p>
      )}
      {state === null && (running || current?.status === 'stopped') && (
        <p className="note" role="status">
          {running ? t('attribution.running') : t('whatIf.stoppedEarly')}
        </p>
      )}
      {current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {state && answer && (
        <ul className="flip-list">
          {state.found.map((found) => (
            <li key={JSON.stringify(found.edits)}>
              <Flip found={found} answer={answer} {...place} />
            </li>
          ))}
        </ul>
      )}
      {state && answer && current?.status === 'done' && state.found.length === 0 && (
        <div className="note">
          {t('whatIf.noFlip', { size: state.size })} {state.closest && t('whatIf.closest')}
          {state.closest && <Flip found={state.closest} answer={answer} {...place} />}
        </div>
      )}
      <p className="shows">
        {t('whatIf.flipsShow')} <span className="shows-not">{t('whatIf.flipsNot')}</span>
      </p>
    </section>
  )
}

interface FlipProps extends Place {
  readonly found: FoundEdits
  readonly answer: SideAnswer
}

/** The text with its changes in place; pressing it opens it as B. */
function Flip({ found, answer, isPlace, onOpen }: FlipProps) {
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
    <div className={`flip-item${isOpen ? ' is-open' : ''}`}>
      <button
        ref={button}
        type="button"
        className="flip"
        title={isOpen ? t('whatIf.closeHint') : t('whatIf.openHint')}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-current={isOpen ? 'true' : undefined}
        onClick={isOpen ? close : open}
      >
        <FlipText found={found} answer={answer} />
      </button>
      {isOpen && <EditDetail id={id} name={t('whatIf.flips')} answer={answer} outputs={null} onClose={close} />}
    </div>
  )
}

function FlipText({ found, answer }: Pick<FlipProps, 'found' | 'answer'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const goal = useApp((app) => app.settings.flipGoal)
  const changes = new Map(found.changes.map(({ token, word }) => [token, word]))
  return (
    <>
      <span className="flip-text">
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
