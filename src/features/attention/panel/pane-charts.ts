// What draws a pane, by the chart's id in the catalogue.

import type { ComponentType } from 'react'
import type { AttentionChart } from '#catalogue/charts'
import { FocusChart } from './focus-chart.tsx'
import { HeatmapPane } from './heatmap-pane.tsx'
import { ArcsPane, FlowPane } from './lines-pane.tsx'
import type { PaneChartProps } from './use-pane-marks.ts'

export const PANE_CHARTS: Readonly<Record<AttentionChart, ComponentType<PaneChartProps>>> = {
  heatmap: HeatmapPane,
  flow: FlowPane,
  arcs: ArcsPane,
  token: FocusChart,
}
