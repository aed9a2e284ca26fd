// From a base to the output, a chart a method: as a waterfall, or on one line.

import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { columnAt } from '#panels/shared/token-columns.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { attributionsOf } from '#state/attributions'
import { type ContributionOptions, type Contributions, hasSteps, type Span, type Step, spanOf } from '#views/bars/contributions'
import type { Chart } from '#views/kit/chart'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { type BaseKind, baseKind, contributionsOf, type NoSteps, noSteps } from './contributions.ts'
import { MethodHead } from './method-head.tsx'
import { currentAttribution, type MethodRow, type PaneRows } from './rows.ts'
import { useColumnChoice } from './use-column-choice.tsx'
import { useEmptyText } from './use-empty-text.tsx'

/** A chart of steps; `stepsOf` gives those that it draws. */
export interface StepChart<Options extends object> {
  readonly id: 'waterfall' | 'force'
  readonly draw: Chart<Contributions, Options>
  readonly stepsOf: (data: Contributions) => readonly Step[]
  readonly optionsOf: (options: ContributionOptions) => Options
}

interface StepChartsProps<Options extends object> extends AttributionChartProps {
  readonly chart: StepChart<Options>
}

interface MethodSteps {
  readonly row: MethodRow
  readonly data: Contributions
  readonly noSteps: NoSteps | null
  readonly base: BaseKind | null
}

/** One scale joins both sides; a difference has another axis. */
export function StepCharts<Options extends object>({ chart, shown, all, names }: StepChartsProps<Options>) {
  const isOneScale = useApp((state) => state.settings.rowScale === 'same')
  const stepsIn = useMethodSteps()
  const { pane } = shown
  const methods = useMemo(() => stepsIn(shown), [stepsIn, shown])
  const span = useMemo((): Span | null => {
    const joined = all.filter((other) => (other.pane.side === 'difference') === (pane.side === 'difference'))
    const drawn = joined.flatMap(stepsIn).flatMap(({ data, noSteps }) => (noSteps === null && hasSteps(data) ? [data] : []))
    if (!isOneScale || drawn.length === 0) return null
    const spans = drawn.map((data) => spanOf(data, chart.stepsOf(data)))
    return [Math.min(...spans.map(([low]) => low)), Math.max(...spans.map(([, high]) => high))]
  }, [all, stepsIn, pane, isOneScale, chart])
  return (
    <ul className={`step-charts step-charts-${chart.id}`}>
      {methods.map((steps, row) => {
        const name = names[row]?.name ?? ''
        return <MethodChart key={name} row={row} name={name} steps={steps} span={span} {...{ chart, pane }} />
      })}
    </ul>
  )
}

/** The steps of every method of a pane. */
function useMethodSteps(): (shown: PaneRows) => readonly MethodSteps[] {
  const { t } = useTranslation()
  const methods = useApp((state) => state.settings.methods)
  const attributions = useApp(attributionsOf)
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  return useCallback(
    ({ pane: { side }, rows }) => {
      const names = {
        hidden: t(side === 'difference' ? 'attribution.steps.unpaired' : 'attribution.steps.hidden'),
        rest: t('attribution.steps.rest'),
      }
      return methods.flatMap((method, at): readonly MethodSteps[] => {
        const row = rows.methods[at]
        if (row === undefined) return []
        const a = currentAttribution(attributions.a[method], answerA)
        const b = currentAttribution(attributions.reference[method], answerB)
        const own = side === 'b' ? b : a
        return [{ row, data: contributionsOf(side, row, { a, b }, names), noSteps: own && noSteps(own), base: own && baseKind(own) }]
      })
    },
    [methods, attributions, answerA, answerB, t],
  )
}

interface MethodChartProps<Options extends object> extends Pick<StepChartsProps<Options>, 'chart'>, Pick<PaneRows, 'pane'> {
  readonly row: number
  readonly name: string
  readonly steps: MethodSteps
  readonly span: Span | null
}

function MethodChart<Options extends object>({ chart, pane, row, name, steps, span }: MethodChartProps<Options>) {
  const { t } = useTranslation()
  const format = useFormat()
  const target = useTargetText()
  const paneName = usePaneName()
  const empty = useEmptyText(row)
  const hovered = useApp((state) => state.hover.token)
  const {
    row: { columns, unit, method },
    data,
    noSteps,
    base,
  } = steps
  const choice = useColumnChoice(pane, columns)
  const hot = columnAt(columns, hovered)
  const axis = t(`attribution.steps.axes.${target.space}`, { target: target.text })
  const options: ContributionOptions = {
    selected: choice.selected === null ? null : String(choice.selected),
    hovered: hot < 0 ? null : String(hot),
    span,
    words: {
      summary: t(`attribution.steps.summaries.${chart.id}`, {
        method: name,
        base: format.weight(data.base),
        output: format.weight(data.output),
      }),
      axis: pane.side === 'difference' ? `${axis}, ${paneName('difference')}` : axis,
      part: t(`attribution.unitNames.${unit}`),
      base: t('attribution.steps.base'),
      output: t('attribution.steps.output'),
      raises: t('attribution.steps.raises'),
      lowers: t('attribution.steps.lowers'),
      error: t('attribution.error'),
      empty,
    },
    others: (count) => t('attribution.steps.others', { count }),
    format: format.weight,
    formatSigned: format.signed,
    onHover: (key) => choice.hover(key === null ? null : Number(key)),
    onSelect: (key) => choice.select(Number(key)),
  }
  return (
    <li className="step-chart">
      <MethodHead method={method} pane={pane} isZero={steps.row.isZero} />
      {noSteps !== null ? (
        <p className="note">{t(`attribution.steps.none.${noSteps}`)}</p>
      ) : (
        <>
          <ChartHost draw={chart.draw} data={data} options={chart.optionsOf(options)} />
          {base !== null && <p className="note">{t(`attribution.steps.bases.${base}`)}</p>}
        </>
      )}
    </li>
  )
}
