// Everything that moves over the cells: emphasised row and column, crosshair, the selected and the hovered cell.

import type { Position } from '../kit/keyboard.ts'
import type { Slot } from '../kit/slot.ts'
import { type MatrixView, spanAt } from './matrix-view.ts'

interface Mark {
  readonly kind: 'band' | 'cross' | 'selected-halo' | 'selected' | 'hovered-halo' | 'hovered'
  readonly row: number | null
  readonly column: number | null
  /** Columns that it covers. */
  readonly width?: number
}

/** Moves the overlay; the cells beneath stay as they are. */
export function drawOverlay(svg: Slot<SVGSVGElement>, view: MatrixView, at: Position | null): void {
  const { layout } = view
  const { cellWidth, cellHeight } = layout
  svg.attr('width', layout.plotWidth).attr('height', layout.plotHeight).attr('aria-hidden', 'true')
  svg
    .selectAll<SVGRectElement, Mark>('rect')
    .data(marksOf(view, at), (mark) => `${mark.kind}${mark.row === null ? 'c' : mark.column === null ? 'r' : ''}`)
    .join('rect')
    .attr('class', (mark) => `is-${mark.kind}`)
    .attr('x', (mark) => (mark.column === null ? 0 : mark.column * cellWidth))
    .attr('y', (mark) => (mark.row === null ? 0 : mark.row * cellHeight))
    .attr('width', (mark) => (mark.column === null ? layout.plotWidth : Math.max(2, (mark.width ?? 1) * cellWidth)))
    .attr('height', (mark) => (mark.row === null ? layout.plotHeight : Math.max(2, cellHeight)))
    .attr('rx', layout.seam > 1 ? 3 : 0)
    .order()
}

const NO_SPAN = { first: -1, last: -1 }

function marksOf(view: MatrixView, at: Position | null): readonly Mark[] {
  const marks: Mark[] = []
  const { row, column } = view.emphasised
  if (row !== null && row < view.rows.length) marks.push({ kind: 'band', row, column: null })
  if (column !== null && column < view.columns.length) marks.push({ kind: 'band', row: null, column })
  if (at !== null && at.row >= 0) marks.push({ kind: 'cross', row: at.row, column: null })
  const { first, last } = at === null ? NO_SPAN : spanAt(view, at)
  const covered = { column: first, width: last - first + 1 }
  if (at !== null && at.column >= 0) marks.push({ kind: 'cross', row: null, ...covered })
  const { selected } = view
  if (selected !== null && selected.row < view.rows.length && selected.column < view.columns.length) {
    marks.push({ kind: 'selected-halo', ...selected }, { kind: 'selected', ...selected })
  }
  if (at !== null && at.row >= 0 && at.column >= 0) {
    marks.push({ kind: 'hovered-halo', row: at.row, ...covered }, { kind: 'hovered', row: at.row, ...covered })
  }
  return marks
}
