// Cells of a small matrix, as SVG rectangles; gaps are hatched by one path over all of them.

import { create } from 'd3'
import { float32At } from '#tensor/vector'
import { colourOf, type Ramp } from '../kit/colour.ts'
import { type Slot, setAttribute } from '../kit/slot.ts'
import { type MatrixView, type Span, spansKey } from './matrix-view.ts'

/** Draws or recolours the cells; rectangles are kept as long as the matrix keeps its size. */
export function drawSvgCells(plot: Slot<HTMLDivElement>, view: MatrixView, ramp: Ramp): void {
  const { layout, columns, rows, values, scale } = view
  const found = plot.select<SVGSVGElement>(':scope > .is-cells')
  const svg = found.empty()
    ? plot.insert<SVGSVGElement>('svg', ':first-child').attr('class', 'is-cells').attr('aria-hidden', 'true')
    : found
  const shape = [rows.length, columns.length, layout.cellWidth, layout.cellHeight, layout.seam, ...spansKey(view)].join()
  if (svg.attr('data-shape') !== shape) {
    svg
      .attr('data-shape', shape)
      .attr('width', layout.plotWidth)
      .attr('height', layout.plotHeight)
      .attr('data-round', roundOf(layout) > 0 ? '' : null)
    placeCells(svg, view)
  }
  const column = columns.length
  svg.selectAll<SVGGElement, unknown>('g').each(function (_, row) {
    let index = row * column
    for (const cell of this.children) {
      const value = float32At(values, index)
      // Never `none`: WebKit does not end a transition of `fill` that began there, and the cell would stay undrawn.
      setAttribute(cell, 'fill', Number.isNaN(value) ? view.palette.surface : colourOf(value, scale, ramp))
      if (Number.isNaN(value)) setAttribute(cell, 'fill-opacity', '0')
      else cell.removeAttribute('fill-opacity')
      index += 1
    }
  })
  drawGaps(svg, view)
}

/** One row of rectangles, copied for every row: the browser copies thousands faster than they can be made one by one. */
function placeCells(svg: Slot<SVGSVGElement>, view: MatrixView): void {
  const { layout, columns, rows } = view
  const first = create<SVGGElement>('svg:g')
  first
    .selectAll('rect')
    .data(columns)
    .join('rect')
    .attr('x', (_, column) => column * layout.cellWidth + layout.seam / 2)
    .attr('y', layout.seam / 2)
    .attr('width', Math.max(0.5, layout.cellWidth - layout.seam))
    .attr('height', Math.max(0.5, layout.cellHeight - layout.seam))
    .attr('rx', roundOf(layout) || null)
  const template = first.node()
  if (template === null) return
  svg.selectAll('g').remove()
  svg
    .selectAll('g')
    .data(rows)
    .join((enter) => enter.append(() => document.importNode(template, true)))
    .attr('transform', (_, row) => `translate(0,${row * layout.cellHeight})`)
  if (view.spans !== undefined) widenCells(svg, view, view.spans)
}

/** The first cell of a span is as wide as all of it; the others have no width. */
function widenCells(svg: Slot<SVGSVGElement>, { layout }: MatrixView, spans: readonly (readonly Span[])[]): void {
  svg.selectAll<SVGGElement, unknown>('g').each(function (_, row) {
    for (const { first, last } of spans[row] ?? []) {
      const width = (last - first + 1) * layout.cellWidth - layout.seam
      for (let column = first; column <= last; column++) this.children[column]?.setAttribute('width', String(column === first ? width : 0))
    }
  })
}

function drawGaps(svg: Slot<SVGSVGElement>, view: MatrixView): void {
  const strokes = hatching(view)
  svg
    .selectAll('path')
    .data(strokes === '' ? [] : [strokes])
    .join('path')
    .attr('class', 'is-hatch')
    .attr('d', (path) => path)
}

/** Corners of the cells: round where there is room between them. CSS pixels. */
export function roundOf({ seam }: MatrixView['layout']): number {
  return seam > 1 ? 2 : 0
}

/** One path over all gaps; empty for none. */
export function hatching({ layout, columns, values }: MatrixView): string {
  const strokes: string[] = []
  values.forEach((value, index) => {
    if (!Number.isNaN(value)) return
    const x = (index % columns.length) * layout.cellWidth
    const y = Math.floor(index / columns.length) * layout.cellHeight
    strokes.push(...hatch(x, y, layout.cellWidth, layout.cellHeight))
  })
  return strokes.join('')
}

/** Diagonal strokes that continue from cell to cell. */
function hatch(x: number, y: number, width: number, height: number): readonly string[] {
  const step = Math.min(width, height) / Math.max(1, Math.round(Math.min(width, height) / 6))
  const strokes: string[] = []
  for (let offset = step; offset < width + height; offset += step) {
    const fromX = Math.max(0, offset - height)
    const toX = Math.min(width, offset)
    strokes.push(`M${round(x + fromX)},${round(y + offset - fromX)}L${round(x + toX)},${round(y + offset - toX)}`)
  }
  return strokes
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
