// One pane: the chosen chart of one side or of the difference, with what is chosen and pointed at marked in it.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { Settings } from '#share/settings'
import { layOut, slotOf, tokenAt } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import type { Cell, ColourScale } from '#views/kit/chart'
import { type ArcsOptions, drawArcs } from '#views/lines/arcs'
import { drawFlow, type FlowData, type FlowOptions } from '#views/lines/flow'
import { drawHeatmap, type HeatmapData, type HeatmapOptions } from '#views/matrix/heatmap'
import { axisOf } from './axis.ts'
import { FocusChart } from './focus-chart.tsx'

export interface PaneChartProps {
  readonly pane: Pane
  readonly scale: ColourScale
  /** Of the values, where they are not attention itself. */
  readonly unit: string | null
}

export function PaneChart({ pane, scale, unit }: PaneChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('chart', 'token', 'key', 'zoom', 'threshold')
  const hover = useApp((state) => state.hover)
  const { frame } = pane
  const axis = useMemo(() => axisOf(frame), [frame])
  const values = useMemo(() => pane.matrices.map((matrix) => layOut(frame, matrix)), [frame, pane.matrices])
  const heads = useMemo(
    () => lineHeads(pane.matrices, pane.choice, values, format.head, format.choice),
    [pane.matrices, pane.choice, values, format],
  )
  const lines = useMemo((): FlowData => ({ tokens: axis, keys: axis, heads }), [axis, heads])
  const matrix = useMemo((): HeatmapData => ({ rows: axis, columns: axis, values: values[0] ?? new Float32Array() }), [axis, values])

  if (settings.chart === 'token') return <FocusChart pane={pane} />

  const selectedToken = slotOf(frame, settings.token)
  const selectedKey = slotOf(frame, settings.key)
  const hoveredToken = slotOf(frame, hover.token)
  const hoveredKey = slotOf(frame, hover.key)
  const signed = scale.kind === 'difference'
  const chooseToken = (index: number): void => {
    actions.set({ token: index === selectedToken && selectedKey === null ? null : tokenAt(frame, index), key: null })
  }
  const what = format.choice(pane.choice)
  const count = frame.slots.length
  const shared = {
    scale,
    format: signed ? format.signed : format.weight,
  }
  const words = {
    query: t('attention.query'),
    key: t('attention.key'),
    unit: unit ?? t(signed ? 'attention.unitDifference' : 'attention.unit'),
  }

  if (settings.chart === 'heatmap') {
    const options: HeatmapOptions = {
      ...shared,
      unit: words.unit,
      selected: cell(selectedToken, selectedKey),
      hovered: cell(hoveredToken, hoveredKey),
      selectedToken: selectedKey === null ? (selectedToken ?? hoveredOnly(hoveredToken, hoveredKey)) : null,
      zoom: settings.zoom,
      words: { query: words.query, key: words.key, summary: t('attention.summaryHeatmap', { what, count }), gap: t('attention.gap') },
      onHover: (at) => actions.hover({ token: at && tokenAt(frame, at.row), key: at && tokenAt(frame, at.column) }),
      onSelect: (at) => actions.set({ token: tokenAt(frame, at.row), key: tokenAt(frame, at.column) }),
      onSelectToken: chooseToken,
    }
    return <ChartHost key="heatmap" draw={drawHeatmap} data={matrix} options={options} />
  }
  const lineOptions: Omit<FlowOptions, 'words'> = {
    ...shared,
    // Of attention, whose largest value is 1, or of the strongest line.
    threshold: thresholdOf(settings) * (unit === null ? 1 : scale.max),
    selectedToken,
    hoveredToken,
    onHoverToken: (index) => actions.hover({ token: index === null ? null : tokenAt(frame, index), key: null }),
    onSelectToken: chooseToken,
  }
  const lineWords = { ...words, head: t('attention.head'), hidden: t('attention.hidden') }
  if (settings.chart === 'flow') {
    const options: FlowOptions = { ...lineOptions, words: { ...lineWords, summary: t('attention.summaryFlow', { what, count }) } }
    return <ChartHost key="flow" draw={drawFlow} data={lines} options={options} />
  }
  const options: ArcsOptions = {
    ...lineOptions,
    words: { ...lineWords, summary: t('attention.summaryArcs', { what, count }), back: t('attention.back'), ahead: t('attention.ahead') },
  }
  return <ChartHost key="arcs" draw={drawArcs} data={lines} options={options} />
}

/** Heads as bundles of lines: coloured when there are several, in the chart's hue when there is one. */
function lineHeads(
  matrices: Pane['matrices'],
  choice: Pane['choice'],
  values: readonly Float32Array[],
  nameHead: (ref: { layer: number; head: number }) => string,
  nameChoice: (choice: Pane['choice']) => string,
): FlowData['heads'] {
  return matrices.map(({ head }, i) => ({
    key: head ? `${head.layer}.${head.head}` : 'all',
    label: head ? nameHead(head) : nameChoice(choice),
    colour: matrices.length > 1 ? i : null,
    values: values[i] ?? new Float32Array(),
  }))
}

function thresholdOf({ threshold }: Pick<Settings, 'threshold'>): number {
  return threshold / 100
}

function cell(row: number | null, column: number | null): Cell | null {
  return row === null || column === null ? null : { row, column }
}

function hoveredOnly(token: number | null, key: number | null): number | null {
  return key === null ? token : null
}
