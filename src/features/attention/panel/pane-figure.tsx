// One pane with its title, which says what is drawn: which heads, what of them, and of which side.

import { useTranslation } from 'react-i18next'
import { ATTENTION_CHARTS } from '#catalogue/charts'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { slotOf } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import type { ColourScale } from '#views/kit/chart'
import { PANE_CHARTS } from './pane-charts.ts'

export interface PaneFigureProps {
  readonly pane: Pane
  readonly scale: ColourScale
  readonly isGradientAttention: boolean
  /** CSS pixels of the chart; null for as many as it takes. */
  readonly height: number | null
}

export function PaneFigure({ pane, scale, isGradientAttention, height }: PaneFigureProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const paneName = usePaneName()
  const { chart, token } = useSettings('chart', 'token')
  const compared = useApp((state) => state.reference !== null)
  const target = useTargetText()
  const Chart = PANE_CHARTS[chart]
  const of = (): string => {
    if (ATTENTION_CHARTS[chart].takes !== 'token') return format.choice(pane.choice)
    const label = pane.frame.slots[slotOf(pane.frame, token) ?? -1]?.label
    return label === undefined ? t('attention.charts.token') : t('attention.tokenTitle', { token: label })
  }
  const what = isGradientAttention ? 'gradient' : pane.side === 'difference' ? 'difference' : 'attention'
  const unit = isGradientAttention ? t('attention.unitGradientAttention', { unit: t(`target.units.${target.gradientSpace}`) }) : null
  return (
    <figure className="pane">
      <figcaption className="pane-title">
        <span>{of()}</span>
        <span className="pane-side">{t(`attention.titles.${what}`, { target: target.text })}</span>
        {compared && (
          <span className="pane-side">{isGradientAttention ? t('attention.onlySide', { side: paneName('a') }) : paneName(pane.side)}</span>
        )}
      </figcaption>
      <Chart pane={pane} scale={scale} unit={unit} height={height} />
    </figure>
  )
}
