// Which examples of the gallery draw each chart: the first word of their names, before the colon.

import type { AttentionChart, AttributionChart } from './charts.ts'

export const ATTENTION_CHART_CASES: Readonly<Record<AttentionChart, string>> = {
  heatmap: 'heatmap',
  flow: 'flow',
  arcs: 'arcs',
  token: 'token focus',
}

export const ATTRIBUTION_CHART_CASES: Readonly<Record<AttributionChart, string>> = {
  rows: 'token strip',
  ranked: 'ranking',
  waterfall: 'waterfall',
  force: 'force',
  samples: 'surrogate',
}
