import { waterfallSteps } from '#views/bars/contributions'
import { drawWaterfall, type WaterfallOptions } from '#views/bars/waterfall'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { type StepChart, StepCharts } from './step-charts.tsx'

/** Steps of tokens, a little more than SHAP's ten; the rest are one step. */
const MOST = 12

const WATERFALL: StepChart<WaterfallOptions> = {
  id: 'waterfall',
  draw: drawWaterfall,
  stepsOf: (data) => waterfallSteps(data, MOST, String),
  optionsOf: (options) => ({ ...options, most: MOST }),
}

/** From the output down to the base, strongest step first. */
export function WaterfallCharts(props: AttributionChartProps) {
  return <StepCharts chart={WATERFALL} {...props} />
}
