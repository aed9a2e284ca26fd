/** The charts whose drawing is timed. */
export const CHARTS = ['head-grid', 'heatmap', 'arcs', 'flow'] as const
export type ChartName = (typeof CHARTS)[number]
