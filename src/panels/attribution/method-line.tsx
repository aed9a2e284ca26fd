// One method's numbers: what its values add up to and what they should, what it cost, how it is coming along, and what it means.

import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#methods/attribution'
import type { AttributionState } from '#state/app-state'
import { Button } from '#ui/button'
import { useApp, useServices } from '../app-context.tsx'
import { useErrorText } from '../use-error-text.tsx'
import { useFormat } from '../use-format.tsx'

export interface MethodLineProps {
  readonly method: AttributionMethodId
  readonly state: AttributionState | undefined
  readonly unit: string
}

export function MethodLine({ method, state, unit }: MethodLineProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const errorText = useErrorText()
  const { attributing } = useServices()
  const model = useApp((app) => app.model)
  const attribution = state?.attribution ?? null
  const sum = attribution?.values.reduce((total, value) => total + value, 0) ?? Number.NaN
  const expected = attribution?.expectedSum ?? null
  const running = state?.status === 'running'
  return (
    <li className="method-line">
      <div className="method-head">
        <strong>{t(`attribution.methods.${method}.name`)}</strong>
        {attribution?.isSigned && (
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
          <span className="note">{t('attribution.cost', { count: attribution.runs, ms: format.count(Math.round(attribution.ms)) })}</span>
        )}
        <span role="status" className="note">
          {running && t('attribution.running')}
          {running && attribution?.left != null && attribution.left > 0 && ` ${t('attribution.left', { count: attribution.left })}`}
          {state?.status === 'stopped' && t('attribution.stopped')}
          {!state && model.status === 'ready' && '…'}
        </span>
        {running && (
          <Button look="quiet" icon="close" onPress={() => attributing.stop(method)}>
            {t('attribution.stop')}
          </Button>
        )}
        {state?.status === 'stopped' && (
          <Button look="quiet" icon="retry" onPress={() => attributing.again(method)}>
            {t('attribution.again')}
          </Button>
        )}
      </div>
      <p className="note">
        {t(`attribution.methods.${method}.means`)} <span className="shows-not">{t(`attribution.methods.${method}.not`)}</span>
      </p>
      {attribution?.doubts.map((doubt) => (
        <p key={doubt} className="note note-warning">
          {t(`attribution.doubts.${doubt}`)}
        </p>
      ))}
      {state?.error && <p className="note note-error">{errorText(state.error)}</p>}
    </li>
  )
}
