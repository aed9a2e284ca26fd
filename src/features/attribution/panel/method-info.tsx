// Behind the (i) of a method: what its values mean and what not, what they took, and why they may mean less than they should.

import { useTranslation } from 'react-i18next'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import { useApp } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { type AttributionSide, attributionSlot } from '#state/attributions'
import { PopoverButton } from '#ui/popover-button'
import { usePassesText } from './use-method-status.tsx'

export interface MethodInfoProps {
  readonly method: AttributionMethodId
  readonly sides: readonly AttributionSide[]
}

export function MethodInfo({ method, sides }: MethodInfoProps) {
  const { t } = useTranslation()
  const name = t(`methods.${method}.name`)
  return (
    <PopoverButton title={t('attribution.about', { method: name })} icon="info">
      <p className="popover-text">{t(`methods.${method}.means`)}</p>
      <p className="popover-text">{t(`methods.${method}.not`)}</p>
      {sides.map((side) => (
        <Took key={side} method={method} side={side} />
      ))}
    </PopoverButton>
  )
}

function Took({ method, side }: { readonly method: AttributionMethodId; readonly side: AttributionSide }) {
  const { t } = useTranslation()
  const format = useFormat()
  const passes = usePassesText(method)
  const state = useApp(attributionSlot(side, method).of)
  if (!state?.answer || state.status !== 'done') return null
  return (
    <>
      <p className="popover-text">
        {t('attribution.cost', { passes: passes(state.answer), ms: format.count(Math.round(state.answer.ms)) })}
      </p>
      {Object.entries(state.answer.figures).map(([figure, value]) => (
        <p key={figure} className="popover-text">
          {t(`attribution.figures.${figure}` as 'attribution.figures.r2', { value: format.weight(value) })}.{' '}
          {t(`attribution.figuresMean.${figure}` as 'attribution.figuresMean.r2')}
        </p>
      ))}
    </>
  )
}
