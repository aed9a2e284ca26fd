// One pane: the methods as rows over its tokens, as lists of them, as steps to the output, or what LIME learnt from.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { slotOf, tokenAt } from '#state/frame'
import type { Pane } from '#state/panes'
import { drawTokenRows, type TokenRowsData, type TokenRowsOptions } from '#views/token-rows'
import { useApp, useServices } from '../app-context.tsx'
import { ChartHost } from '../chart-host.tsx'
import { useFormat } from '../use-format.tsx'
import { usePaneName } from '../use-pane-name.tsx'
import { useTargetText } from '../use-target-text.tsx'
import { type Column, columnAt } from './columns.ts'
import { LimeSamples } from './lime-samples.tsx'
import { RankedBars } from './ranked-bars.tsx'
import { type AttributionRows, attributionRows } from './rows.ts'
import { StepCharts } from './step-charts.tsx'
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

/** Choosing and pointing at columns of a pane, as at tokens everywhere. */
export function useColumnChoice({ frame }: Pane, columns: readonly Column[]) {
  const { actions } = useServices()
  const chosen = useApp((state) => state.settings.token)
  const selected = columnAt(columns, chosen)
  const tokenOf = (at: number) => {
    const column = columns[at]
    const slot = column && frame.slots.findIndex(({ a, b }) => (column.a.length > 0 ? a === column.a[0] : b === column.b[0]))
    return slot === undefined || slot < 0 ? null : tokenAt(frame, slot)
  }
  return {
    selected: selected < 0 ? null : selected,
    select: (at: number): void => {
      const token = tokenOf(at)
      if (token !== null) actions.set({ token: selected === at ? null : token, key: null })
    },
    hover: (at: number | null): void => {
      const token = at === null ? null : tokenOf(at)
      actions.hover({ token: token !== null && slotOf(frame, token) !== null ? token : null })
    },
  }
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
    (): TokenRowsData => ({ tokens: rows.columns.map(({ axis }) => axis), rows: names, values: rows.values, errors: rows.errors }),
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
      {chart === 'ranked' && <RankedBars rows={rows} names={names} choice={choice} />}
      {(chart === 'waterfall' || chart === 'force') && <StepCharts chart={chart} pane={pane} rows={rows} names={names} choice={choice} />}
      {chart === 'samples' && <LimeSamples pane={pane} />}
    </figure>
  )
}
