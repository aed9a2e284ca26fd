// Token labels along a matrix: those that fit, and always the one pointed at and the one selected.

import type { AxisToken } from '../kit/chart.ts'
import type { Position } from '../kit/keyboard.ts'
import { fittingLabels, labelPlace } from '../kit/labels.ts'
import type { Slot } from '../kit/slot.ts'
import { axisFont } from './matrix-layout.ts'
import type { MatrixView } from './matrix-view.ts'

const half = (axisFont + 2) / 2
/** Degrees. */
const TURN = { flat: 0, slanted: -45, upright: -90 } as const

/** Draws both axes; `at` is the position pointed at. */
export function drawAxes(rowAxis: Slot<SVGSVGElement>, columnAxis: Slot<SVGSVGElement>, view: MatrixView, at: Position | null): void {
  const { layout, emphasised } = view
  const rowPins = pins(at?.row, view.selected?.row, emphasised.row)
  rowAxis.attr('width', layout.left).attr('height', layout.plotHeight).attr('aria-hidden', 'true')
  drawLabels(rowAxis, view.rows, layout.rowLabels, fittingLabels(view.rows.length, layout.cellHeight, axisFont + 2, rowPins), {
    place: (index) => `translate(${layout.left - 8},${labelPlace(index, view.rows.length, layout.cellHeight, half)})`,
    anchor: 'end',
    hot: at?.row ?? null,
    chosen: emphasised.row,
  })
  const columnPins = pins(at?.column, view.selected?.column, emphasised.column)
  columnAxis
    .attr('width', layout.plotWidth + layout.overhang)
    .attr('height', layout.top)
    .attr('aria-hidden', 'true')
  drawLabels(
    columnAxis,
    view.columns,
    layout.columnLabels,
    fittingLabels(view.columns.length, layout.cellWidth, axisFont + 2, columnPins),
    {
      place: (index) =>
        `translate(${labelPlace(index, view.columns.length, layout.cellWidth, half)},${layout.top - 7})rotate(${TURN[layout.labels]})`,
      anchor: layout.labels === 'flat' ? 'middle' : 'start',
      hot: at?.column ?? null,
      chosen: emphasised.column,
    },
  )
}

function pins(...indices: readonly (number | null | undefined)[]): readonly number[] {
  return indices.filter((index): index is number => index !== null && index !== undefined && index >= 0)
}

interface LabelStyle {
  readonly place: (index: number) => string
  readonly anchor: 'start' | 'middle' | 'end'
  readonly hot: number | null
  readonly chosen: number | null
}

function drawLabels(
  axis: Slot<SVGSVGElement>,
  tokens: readonly AxisToken[],
  labels: readonly string[],
  shown: readonly number[],
  style: LabelStyle,
): void {
  axis
    .selectAll<SVGTextElement, number>('text:not(.is-aside-label)')
    .data(shown, (index) => index)
    .join((enter) => enter.append('text').attr('dy', '0.35em'))
    .attr('text-anchor', style.anchor)
    .attr('transform', style.place)
    .classed('is-special', (index) => tokens[index]?.special ?? false)
    .classed('is-changed', (index) => tokens[index]?.changed ?? false)
    .classed('is-gap', (index) => tokens[index]?.gap ?? false)
    .classed('is-hot', (index) => index === style.hot)
    .classed('is-chosen', (index) => index === style.chosen)
    .text((index) => labels[index] ?? '')
}
