// A pane as lines between tokens, a bundle for each head; weak lines are left out.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { layOut, tokenAt } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import { type ArcsOptions, drawArcs } from '#views/lines/arcs'
import { drawFlow, type FlowData, type FlowOptions } from '#views/lines/flow'
import { axisOf } from './axis.ts'
import { type PaneChartProps, usePaneMarks } from './use-pane-marks.ts'

export function FlowPane(props: PaneChartProps) {
  const { t } = useTranslation()
  const { data, what, count, options } = useLines(props)
  const own: FlowOptions = { ...options, words: { ...options.words, summary: t('attention.summaryFlow', { what, count }) } }
  return <ChartHost draw={drawFlow} data={data} options={own} />
}

export function ArcsPane(props: PaneChartProps) {
  const { t } = useTranslation()
  const { data, what, count, options } = useLines(props)
  const words = { summary: t('attention.summaryArcs', { what, count }), back: t('attention.back'), ahead: t('attention.ahead') }
  const own: ArcsOptions = { ...options, words: { ...options.words, ...words } }
  return <ChartHost draw={drawArcs} data={data} options={own} />
}

function useLines(props: PaneChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const { threshold } = useSettings('threshold')
  const { pane, scale, unit } = props
  const { frame, matrices, choice } = pane
  const axis = useMemo(() => axisOf(frame), [frame])
  const values = useMemo(() => matrices.map((matrix) => layOut(frame, matrix)), [frame, matrices])
  const heads = useMemo(() => lineHeads(matrices, choice, values, format.head, format.choice), [matrices, choice, values, format])
  const data = useMemo((): FlowData => ({ tokens: axis, keys: axis, heads }), [axis, heads])
  const { token, hoveredToken, chooseToken, what, count, shared, words } = usePaneMarks(props)
  const options = {
    ...shared,
    // Of attention, whose largest value is 1, or of the strongest line.
    threshold: (threshold / 100) * (unit === null ? 1 : scale.max),
    selectedToken: token,
    hoveredToken,
    words: { ...words, head: t('attention.head'), hidden: t('attention.hidden') },
    onHoverToken: (index: number | null): void => actions.hover({ token: index === null ? null : tokenAt(frame, index), key: null }),
    onSelectToken: chooseToken,
  }
  return { data, what, count, options }
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
