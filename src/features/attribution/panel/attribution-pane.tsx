// One pane: what was attributed, what colours mean, and the chart of its methods.

import { useTranslation } from 'react-i18next'
import { useSettings } from '#panels/shared/app-context.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { ATTRIBUTION_PANE_CHARTS } from './attribution-charts.ts'
import { ColourLegends } from './colour-legends.tsx'
import type { PaneRows } from './rows.ts'
import { useMethodNames } from './use-method-names.tsx'

export interface AttributionPaneProps {
  readonly shown: PaneRows
  /** The panes on screen: one scale joins them. */
  readonly all: readonly PaneRows[]
  /** Whether the pane has others beside it. */
  readonly named: boolean
}

export function AttributionPane({ shown, all, named }: AttributionPaneProps) {
  const { pane } = shown
  const { t } = useTranslation()
  const paneName = usePaneName()
  const { attributionChart, methods } = useSettings('attributionChart', 'methods')
  const target = useTargetText()
  const names = useMethodNames(methods)
  const { Chart } = ATTRIBUTION_PANE_CHARTS[attributionChart]
  return (
    <figure className="pane">
      <figcaption className="pane-title">
        <span>{t(pane.side === 'difference' ? 'attribution.titleDifference' : 'attribution.title', { target: target.text })}</span>
        {named && <span className="pane-side">{paneName(pane.side)}</span>}
        {attributionChart === 'rows' && <ColourLegends shown={shown} all={all} />}
      </figcaption>
      <Chart shown={shown} all={all} names={names} />
    </figure>
  )
}
