// What draws the methods of a pane, by the chart's id in the catalogue.

import type { ComponentType } from 'react'
import type { AttributionChart } from '#catalogue/charts'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { ForceCharts } from './force-charts.tsx'
import { LimeSamples } from './lime-samples.tsx'
import { RankedBars } from './ranked-bars.tsx'
import { ValueRows } from './value-rows.tsx'
import { WaterfallCharts } from './waterfall-charts.tsx'

interface ChartRow {
  readonly Chart: ComponentType<AttributionChartProps>
  /** What it shows, and what it does not, in the words of the capability. */
  readonly shows: 'attribution.shows' | 'attribution.steps.shows' | 'attribution.samples.shows'
  readonly showsNot: 'attribution.showsNot' | 'attribution.samples.showsNot'
}

export const ATTRIBUTION_PANE_CHARTS: Readonly<Record<AttributionChart, ChartRow>> = {
  rows: { Chart: ValueRows, shows: 'attribution.shows', showsNot: 'attribution.showsNot' },
  ranked: { Chart: RankedBars, shows: 'attribution.shows', showsNot: 'attribution.showsNot' },
  waterfall: { Chart: WaterfallCharts, shows: 'attribution.steps.shows', showsNot: 'attribution.showsNot' },
  force: { Chart: ForceCharts, shows: 'attribution.steps.shows', showsNot: 'attribution.showsNot' },
  samples: { Chart: LimeSamples, shows: 'attribution.samples.shows', showsNot: 'attribution.samples.showsNot' },
}
