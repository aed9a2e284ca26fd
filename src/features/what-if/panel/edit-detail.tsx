// One edit against the text as it is: the answer before and after, the heads and the tokens that it moved most, and where to see more.

import { type KeyboardEvent, useMemo } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { ATTENTION_CHARTS } from '#catalogue/charts'
import type { AttributionTarget } from '#methods/attribution'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChangeRanking } from '#panels/shared/change-ranking.tsx'
import { PredictionPanel } from '#panels/shared/prediction-panel.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { currentDifference } from '#state/layout/panes'
import { indexOn } from '#state/layout/token-ref'
import { referenceTarget, settledAnswer, TARGET_SETTINGS, targetOf } from '#state/target'
import { targetProbability } from '#state/target-probability'
import { Button } from '#ui/button'
import { AttributionChange } from './attribution-change.tsx'

export interface EditDetailProps {
  readonly id: string
  /** What the edit does, in a few words. */
  readonly name: string
  /** Of the text as it is. */
  readonly answer: SideAnswer
  /** The target's number before and after, where it is known. */
  readonly outputs: { readonly before: number; readonly output: number } | null
  readonly onClose: () => void
}

/** Rows of each list: a glance. The tabs show all. */
const SHOWN = 5

export function EditDetail({ id, name, answer, outputs, onClose }: EditDetailProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions } = useServices()
  const paneName = usePaneName()
  const reference = useApp((state) => state.reference)
  const chart = useApp((state) => state.settings.chart)
  const edited = settledAnswer(reference)
  const there = useTargetThere(answer, edited)
  const goTo = (tab: 'attention' | 'attribution'): void => {
    // One token's view has no difference to show.
    flushSync(() =>
      actions.set({ tab, pane: 'difference', ...(ATTENTION_CHARTS[chart].takes === 'token' ? { chart: 'heatmap' as const } : {}) }),
    )
    // The focus goes to the panel, or to its tab while its code is on its way and this one is hidden.
    const panel = document.getElementById('charts')
    if (panel?.checkVisibility()) panel.focus()
    else document.querySelector<HTMLElement>('.tabs [aria-checked="true"]')?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    // The page lets go of what is chosen by the same key.
    event.preventDefault()
    onClose()
  }
  return (
    <section
      id={id}
      className="edit-detail"
      aria-label={t('whatIf.detail.label', { edit: name })}
      aria-busy={edited === null}
      onKeyDown={onKeyDown}
    >
      {reference?.error ? (
        <p className="note note-error">{errorText(reference.error)}</p>
      ) : edited === null ? (
        <p className="note" role="status">
          {t('asked.running')}
        </p>
      ) : (
        <div className="edit-detail-parts">
          <section aria-label={t('whatIf.detail.prediction')}>
            <h3>{t('whatIf.detail.prediction')}</h3>
            <TargetLine answer={answer} edited={edited} outputs={outputs} there={there} />
            <PredictionPanel name={paneName('b')} side="b" answer={edited} reference={answer} selected={there?.position ?? null} />
          </section>
          <ChangeRanking of="edit" most={SHOWN} />
          <AttributionChange answer={answer} edited={edited} most={SHOWN} />
        </div>
      )}
      <div className="edit-detail-foot">
        <span className="note">{t('whatIf.detail.more')}</span>
        <Button onPress={() => goTo('attention')}>{t('app.tabs.attention')}</Button>
        <Button onPress={() => goTo('attribution')}>{t('app.tabs.attribution')}</Button>
        <Button look="quiet" icon="close" onPress={onClose}>
          {t('whatIf.detail.close')}
        </Button>
      </div>
    </section>
  )
}

/** The target where it stands in the edited text; null while that is not known. */
function useTargetThere(answer: SideAnswer, edited: SideAnswer | null): AttributionTarget | null {
  const { store } = useServices()
  const settings = useSettings('token', ...TARGET_SETTINGS)
  const difference = useApp(currentDifference)
  return useMemo(() => {
    const target = targetOf(settings, answer, indexOn('a', settings.token))
    return target && edited && difference && referenceTarget(store.getState(), edited, target)
  }, [store, settings, answer, edited, difference])
}

type TargetLineProps = Pick<EditDetailProps, 'answer' | 'outputs'> & {
  readonly edited: SideAnswer
  readonly there: AttributionTarget | null
}

/** How likely the target is before and after. */
function TargetLine({ answer, edited, outputs, there }: TargetLineProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useSettings('token', ...TARGET_SETTINGS)
  const { text } = useTargetText()
  const target = targetOf(settings, answer, indexOn('a', settings.token))
  if (target === null || there === null) return null
  const before = targetProbability(answer, target, outputs?.before ?? null)
  const after = targetProbability(edited, there, outputs?.output ?? null)
  if (before === null || after === null) return null
  return (
    <p className="edit-detail-target">
      {t('whatIf.detail.probability', { target: text })}{' '}
      <strong>
        {format.weight(before)} → {format.weight(after)}
      </strong>{' '}
      <span className="note">{format.signed(after - before)}</span>
    </p>
  )
}
