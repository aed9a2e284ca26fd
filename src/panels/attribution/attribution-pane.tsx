// One pane: the methods as rows over its tokens, as lists of them, as steps to the output, or what LIME learnt from.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pane } from '#state/panes'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/token-rows'
import { useApp } from '../app-context.tsx'
import { ChartHost } from '../chart-host.tsx'
import { useFormat } from '../use-format.tsx'
import { usePaneName } from '../use-pane-name.tsx'
import { useTargetText } from '../use-target-text.tsx'
import { LimeSamples } from './lime-samples.tsx'
import { RankedBars } from './ranked-bars.tsx'
import { type AttributionRows, attributionRows, spansOf, spreadRows } from './rows.ts'
import { StepCharts } from './step-charts.tsx'
import { useColumnChoice } from './use-column-choice.tsx'
import { useMethodNames } from './use-method-names.tsx'

export interface AttributionPaneProps {
  readonly pane: Pane
  /** Whether the pane has others beside it. */
  readonly named: boolean
}

/** The rows of a pane, and how its columns are chosen and pointed at. */
export function useAttributionRows(pane: Pane): AttributionRows {
  const settings = useApp((state) => state.settings)
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const attributions = useApp((state) => state.attributions)
  const { methods, granularity } = settings
  return useMemo(
    () => attributionRows(pane, methods, attributions, { byWord: granularity === 'word', answers: { a: answerA, reference: answerB } }),
    [pane, methods, attributions, granularity, answerA, answerB],
  )
}

/** How rows of values over columns are drawn. @param summary names the chart */
export function useRowsOptions(summary: string, choice: ReturnType<typeof useColumnChoice>): TokenRowsOptions {
  const { t } = useTranslation()
  const format = useFormat()
  const scale = useApp((state) => state.settings.rowScale)
  const { space } = useTargetText()
  return {
    scale,
    selectedToken: choice.selected,
    words: {
      summary,
      token: t('attribution.token'),
      unit: t(`attribution.units.${space}`),
      share: t('attribution.share'),
      error: t('attribution.error'),
    },
    format: format.signed,
    onSelect: choice.select,
    onHover: choice.hover,
  }
}

export function AttributionPane({ pane, named }: AttributionPaneProps) {
  const { t } = useTranslation()
  const paneName = usePaneName()
  const settings = useApp((state) => state.settings)
  const { attributionChart: chart } = settings
  const target = useTargetText()
  const rows = useAttributionRows(pane)
  const choice = useColumnChoice(pane, rows.columns)
  const names = useMethodNames(settings.methods)
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
  const options = useRowsOptions(t('attribution.summary', { target: target.text }), choice)
  return (
    <figure className="pane">
      <figcaption className="pane-title">
        <span>{t(pane.side === 'difference' ? 'attribution.titleDifference' : 'attribution.title', { target: target.text })}</span>
        {named && <span className="pane-side">{paneName(pane.side)}</span>}
      </figcaption>
      {chart === 'rows' && <ChartHost draw={drawTokenRows} data={data} options={options} />}
      {chart === 'ranked' && <RankedBars rows={rows} names={names} pane={pane} />}
      {(chart === 'waterfall' || chart === 'force') && <StepCharts chart={chart} pane={pane} rows={rows} names={names} />}
      {chart === 'samples' && <LimeSamples pane={pane} />}
    </figure>
  )
}
