// Why a method's values mean less than they should, and what can be done about it.

import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { attributionSlot } from '#state/attributions'
import type { Pane } from '#state/layout/panes'
import { Button } from '#ui/button'
import { SIDES } from './rows.ts'

export interface MethodDoubtsProps {
  readonly method: AttributionMethodId
  readonly pane: Pane
}

/** A linear model that explains less than this share of the variance says little. */
const POOR_FIT = 0.5

/** Nothing while the method runs: what is missing then is still to come. */
export const MethodDoubts = memo(function MethodDoubts({ method, pane }: MethodDoubtsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [first, second] = SIDES[pane.side]
  const one = useApp((app) => (first === undefined ? null : attributionSlot(first, method).of(app)))
  const other = useApp((app) => (second === undefined ? null : attributionSlot(second, method).of(app)))
  const answers = [one, other].flatMap((state) => (state?.status === 'done' && state.answer ? [state.answer] : []))
  const poorest = Math.min(...answers.map(({ figures }) => figures.r2 ?? 1))
  const doubts = new Set(answers.flatMap((answer) => answer.doubts))
  if (doubts.size === 0 && poorest >= POOR_FIT) return null
  return (
    <div className="method-doubts">
      {Array.from(doubts, (doubt) => (
        <p key={doubt} className="note note-warning">
          {t(`doubts.${doubt}`)}
        </p>
      ))}
      {poorest < POOR_FIT && <p className="note note-warning">{t('attribution.poorFit', { r2: format.weight(poorest) })}</p>}
      {doubts.has('sharp-baseline') && <OtherBaseline />}
    </div>
  )
})

function OtherBaseline() {
  const { t } = useTranslation()
  const { actions, store } = useServices()
  const hasReference = useApp((app) => app.reference !== null)
  const baseline = useApp((app) => app.settings.baseline)
  return (
    <p className="note">
      {t('attribution.otherBaseline')}{' '}
      {baseline !== 'reference' &&
        (hasReference ? (
          <Button onPress={() => actions.set({ baseline: 'reference' })}>{t('attribution.beginAtReference')}</Button>
        ) : (
          <Button
            onPress={() => actions.open({ textB: store.getState().settings.textA, editsB: [], against: 'auto', baseline: 'reference' })}
          >
            {t('attribution.addReference')}
          </Button>
        ))}
    </p>
  )
}
