import { type ContributionOptions, forceSteps } from '#views/bars/contributions'
import { drawForce } from '#views/bars/force'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { type StepChart, StepCharts } from './step-charts.tsx'

const FORCE: StepChart<ContributionOptions> = { id: 'force', draw: drawForce, stepsOf: forceSteps, optionsOf: (options) => options }

/** What raises the output and what lowers it, on one line. */
export function ForceCharts(props: AttributionChartProps) {
  return <StepCharts chart={FORCE} {...props} />
}
