// A pane as a matrix: every cell, with the chosen and the hovered one marked.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { layOut, sentAside, tokenAt } from '#state/layout/frame'
import type { Cell } from '#views/kit/chart'
import { drawHeatmap, type HeatmapData, type HeatmapOptions } from '#views/matrix/heatmap'
import { axisOf } from './axis.ts'
import { type PaneChartProps, usePaneMarks } from './use-pane-marks.ts'

export function HeatmapPane(props: PaneChartProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { zoom } = useSettings('zoom')
  const { frame, matrices, choice } = props.pane
  // Sums of maxima, and of products with gradients, are no shares.
  const isShare = choice.reduce !== 'max' && props.unit === null
  const data = useMemo((): HeatmapData => {
    const axis = axisOf(frame)
    const [matrix] = matrices
    return {
      rows: axis,
      columns: axis,
      values: matrix ? layOut(frame, matrix) : new Float32Array(),
      aside: matrix && isShare ? sentAside(frame, matrix) : null,
    }
  }, [frame, matrices, isShare])
  const { token, key, hoveredToken, hoveredKey, chooseToken, what, count, shared, words } = usePaneMarks(props)
  const options: HeatmapOptions = {
    ...shared,
    unit: words.unit,
    selected: cell(token, key),
    hovered: cell(hoveredToken, hoveredKey),
    selectedToken: key === null ? (token ?? (hoveredKey === null ? hoveredToken : null)) : null,
    zoom,
    words: {
      query: words.query,
      key: words.key,
      note: words.note,
      summary: t('attention.summaryHeatmap', { what, count }),
      gap: t('attention.gap'),
      aside: t('attention.sinks'),
    },
    onHover: (at) => actions.hover({ token: at && tokenAt(frame, at.row), key: at && tokenAt(frame, at.column) }),
    onSelect: (at) => actions.set({ token: tokenAt(frame, at.row), key: tokenAt(frame, at.column) }),
    onSelectToken: chooseToken,
  }
  return <ChartHost draw={drawHeatmap} data={data} options={options} />
}

function cell(row: number | null, column: number | null): Cell | null {
  return row === null || column === null ? null : { row, column }
}
