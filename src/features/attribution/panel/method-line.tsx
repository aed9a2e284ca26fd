// One method's numbers: what its values add up to and what they should, what it cost, how it is coming along, and what it means.

import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { type AttributionSide, attributionSlot, attributionsOf } from '#state/attributions'
import { Button } from '#ui/button'
import { ATTRIBUTING } from '../state/attribute.ts'

export interface MethodLineProps {
  readonly method: AttributionMethodId
  /** The sides on screen. */
  readonly sides: readonly AttributionSide[]
  readonly unit: string
}

/** A linear model that explains less than this share of the variance says little. */
const POOR_FIT = 0.5

export function MethodLine({ method, sides, unit }: MethodLineProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const format = useFormat()
  const { actions, store } = useServices()
  const attributions = useApp(attributionsOf)
  const hasReference = useApp((app) => app.reference !== null)
  const baseline = useApp((app) => app.settings.baseline)
  const states = sides.map((side) => attributions[side][method])
  const poorest = Math.min(...states.map((state) => state?.answer?.figures.r2 ?? 1))
  const doubts = new Set(states.flatMap((state) => state?.answer?.doubts ?? []))
  const error = states.find((state) => state?.error)?.error ?? null
  return (
    <li className="method-line">
      {sides.map((side) => (
        <MethodStatus key={side} method={method} side={side} named={sides.length > 1} unit={unit} />
      ))}
      <p className="note">
        {t(`methods.${method}.means`)} <span className="shows-not">{t(`methods.${method}.not`)}</span>
      </p>
      {Array.from(doubts, (doubt) => (
        <p key={doubt} className="note note-warning">
          {t(`doubts.${doubt}`)}
        </p>
      ))}
      {poorest < POOR_FIT && <p className="note note-warning">{t('attribution.poorFit', { r2: format.weight(poorest) })}</p>}
      {doubts.has('sharp-baseline') && (
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
      )}
      {error && <p className="note note-error">{errorText(error)}</p>}
    </li>
  )
}

interface MethodStatusProps {
  readonly method: AttributionMethodId
  readonly side: AttributionSide
  readonly named: boolean
  readonly unit: string
}

function MethodStatus({ method, side, named, unit }: MethodStatusProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const paneName = usePaneName()
  const attributing = useService(ATTRIBUTING)
  const isReady = useApp((app) => app.model.status === 'ready')
  const state = useApp(attributionSlot(side, method).of)
  const attribution = state?.answer ?? null
  const sum = attribution?.values.reduce((total, value) => total + value, 0) ?? Number.NaN
  const expected = attribution?.expectedSum ?? null
  const done = attribution?.runs ?? 0
  const needed = done + (attribution?.left ?? 0)
  const runs =
    state?.status === 'running' && needed > done
      ? t('attribution.runsOf', { done: format.count(done), needed: format.count(needed), count: needed })
      : t('attribution.runs', { number: format.count(done), count: done })
  return (
    <div className="method-head">
      <strong>{t(`methods.${method}.name`)}</strong>
      {named && <span className="pane-side">{paneName(side === 'a' ? 'a' : 'b')}</span>}
      {attribution?.isSigned && !Number.isNaN(sum) && (
        <span>
          {expected === null
            ? t('attribution.sum', { sum: format.signed(sum), unit })
            : t('attribution.sumOf', {
                sum: format.signed(sum),
                expected: format.signed(expected),
                error: format.percent(Math.abs(sum - expected) / Math.max(Math.abs(expected), 1e-9)),
                unit,
              })}
        </span>
      )}
      {attribution && (
        <span className="note">
          {t(attribution.known > 0 ? 'attribution.costKnown' : 'attribution.cost', {
            runs,
            known: format.count(attribution.known),
            ms: format.count(Math.round(attribution.ms)),
          })}
        </span>
      )}
      {Object.entries(attribution?.figures ?? {}).map(([name, value]) => (
        <span key={name} className="note" title={t(`attribution.figuresMean.${name}` as 'attribution.figuresMean.r2')}>
          {t(`attribution.figures.${name}` as 'attribution.figures.r2', { value: format.weight(value) })}
        </span>
      ))}
      <AskedStatus
        status={state?.status}
        progress={t('asked.running')}
        onStop={() => attributing.stop(side, method)}
        onAgain={() => attributing.again(side, method)}
      />
      {!state && isReady && <span className="note">…</span>}
    </div>
  )
}
