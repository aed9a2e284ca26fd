// One pane: the methods as rows over its tokens, as lists of them, as steps to the output, or what LIME learnt from.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/matrix/token-rows'
import { LimeSamples } from './lime-samples.tsx'
import { RankedBars } from './ranked-bars.tsx'
import { largestOfAll, type PaneRows, spansOf, spreadRows } from './rows.ts'
import { StepCharts } from './step-charts.tsx'
import { useColumnChoice } from './use-column-choice.tsx'
import { useMethodNames } from './use-method-names.tsx'

export interface AttributionPaneProps {
  readonly shown: PaneRows
  /** The panes on screen: one scale joins them. */
  readonly all: readonly PaneRows[]
  /** Whether the pane has others beside it. */
  readonly named: boolean
}

/**
 * How rows of values over columns are drawn.
 * @param summary names the chart @param largest of all charts that share one scale; null for a chart by itself
 */
export function useRowsOptions(summary: string, choice: ReturnType<typeof useColumnChoice>, largest: number | null): TokenRowsOptions {
  const { t } = useTranslation()
  const format = useFormat()
  const scale = useApp((state) => state.settings.rowScale)
  const { space } = useTargetText()
  return {
    scale,
    largest,
    selectedToken: choice.selected,
    words: {
      summary,
      token: t('attribution.token'),
      unit: t(`target.units.${space}`),
      share: t('attribution.share'),
      error: t('attribution.error'),
    },
    format: format.signed,
    onSelect: choice.select,
    onHover: choice.hover,
  }
}

export function AttributionPane({ shown, all, named }: AttributionPaneProps) {
  const { pane, rows } = shown
  const { t } = useTranslation()
  const paneName = usePaneName()
  const { attributionChart: chart, methods } = useSettings('attributionChart', 'methods')
  const target = useTargetText()
  const choice = useColumnChoice(pane, rows.columns)
  const names = useMethodNames(methods)
  const data = useMemo(
    (): TokenRowsData => ({
      tokens: rows.columns.map(({ axis }) => axis),
      rows: names,
      values: spreadRows(rows, 'values'),
      errors: spreadRows(rows, 'errors'),
      spans: rows.methods.map(spansOf),
    }),
    [rows, names],
  )
  const options = useRowsOptions(t('attribution.summary', { target: target.text }), choice, largestOfAll(all))
  return (
    <figure className="pane">
      <figcaption className="pane-title">
        <span>{t(pane.side === 'difference' ? 'attribution.titleDifference' : 'attribution.title', { target: target.text })}</span>
        {named && <span className="pane-side">{paneName(pane.side)}</span>}
      </figcaption>
      {chart === 'rows' && <ChartHost draw={drawTokenRows} data={data} options={options} />}
      {chart === 'ranked' && <RankedBars shown={shown} all={all} names={names} />}
      {(chart === 'waterfall' || chart === 'force') && <StepCharts chart={chart} shown={shown} all={all} names={names} />}
      {chart === 'samples' && <LimeSamples pane={pane} />}
    </figure>
  )
}
