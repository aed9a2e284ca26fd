// The charts of each question in the order in which they are offered; the ids are the values in links.

import { idsOf } from './ids-of.ts'

export interface AttentionChartDescriptor {
  /** Matrices of the chosen heads, or what one token attends to in every head. */
  readonly takes: 'heads' | 'token'
  /** Whether it draws single lines, of which weak ones can be left out, instead of all cells. */
  readonly lines: boolean
  /** Whether it draws every cell of one matrix: then it has a size, and its rows have sums. */
  readonly cells: boolean
}

const ATTENTION_ROWS = {
  heatmap: { takes: 'heads', lines: false, cells: true },
  flow: { takes: 'heads', lines: true, cells: false },
  arcs: { takes: 'heads', lines: true, cells: false },
  token: { takes: 'token', lines: false, cells: false },
} as const satisfies Record<string, AttentionChartDescriptor>

export type AttentionChart = keyof typeof ATTENTION_ROWS

export const ATTENTION_CHARTS: Readonly<Record<AttentionChart, AttentionChartDescriptor>> = ATTENTION_ROWS

export interface AttributionChartDescriptor {
  /** One value a token, steps of them from a base to the output, or the samples of a surrogate, which only some methods give. */
  readonly takes: 'values' | 'steps' | 'surrogate'
}

const ATTRIBUTION_ROWS = {
  rows: { takes: 'values' },
  ranked: { takes: 'values' },
  waterfall: { takes: 'steps' },
  force: { takes: 'steps' },
  samples: { takes: 'surrogate' },
} as const satisfies Record<string, AttributionChartDescriptor>

export type AttributionChart = keyof typeof ATTRIBUTION_ROWS

export const ATTRIBUTION_CHARTS: Readonly<Record<AttributionChart, AttributionChartDescriptor>> = ATTRIBUTION_ROWS

export const ATTENTION_CHART_IDS = idsOf(ATTENTION_CHARTS)
export const ATTRIBUTION_CHART_IDS = idsOf(ATTRIBUTION_CHARTS)
