// Cells of a matrix of up to 64 tokens a side, as SVG rectangles; gaps are hatched by one path over all of them.

import { colourOf, type Ramp } from './colour.ts'
import type { MatrixView } from './matrix-view.ts'
import type { Slot } from './slot.ts'

/** Draws or recolours the cells; rectangles are kept from draw to draw. */
export function drawSvgCells(plot: Slot<HTMLDivElement>, view: MatrixView, ramp: Ramp): void {
  const { layout, columns, values, scale } = view
  const found = plot.select<SVGSVGElement>(':scope > .is-cells')
  const svg = found.empty()
    ? plot.insert<SVGSVGElement>('svg', ':first-child').attr('class', 'is-cells').attr('aria-hidden', 'true')
    : found
  svg.attr('width', layout.plotWidth).attr('height', layout.plotHeight)
  const width = Math.max(0.5, layout.cellWidth - layout.seam)
  const height = Math.max(0.5, layout.cellHeight - layout.seam)
  const shape = [columns.length, layout.cellWidth, layout.cellHeight, layout.seam].join()
  const count = view.rows.length * columns.length
  const cells = svg.selectAll<SVGRectElement, number>('rect').data(Array.from({ length: count }, (_, index) => index))
  cells.exit().remove()
  const template = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  const place = (node: SVGRectElement, index: number): void => {
    node.setAttribute('x', String((index % columns.length) * layout.cellWidth + layout.seam / 2))
    node.setAttribute('y', String(Math.floor(index / columns.length) * layout.cellHeight + layout.seam / 2))
    node.setAttribute('width', String(width))
    node.setAttribute('height', String(height))
    if (layout.seam > 1) node.setAttribute('rx', '2')
    else node.removeAttribute('rx')
  }
  const entered = cells.enter().append(() => document.importNode(template, false))
  if (svg.attr('data-shape') !== shape) {
    svg.attr('data-shape', shape).attr('data-round', layout.seam > 1 ? '' : null)
    cells.each(function (index) {
      place(this, index)
    })
  }
  entered.each(function (index) {
    place(this, index)
  })
  entered.merge(cells).each(function (index) {
    const value = values[index] ?? Number.NaN
    this.setAttribute('fill', Number.isNaN(value) ? 'none' : colourOf(value, scale, ramp))
  })
  drawGaps(svg, view)
}

function drawGaps(svg: Slot<SVGSVGElement>, view: MatrixView): void {
  const { layout, columns, values } = view
  const strokes: string[] = []
  values.forEach((value, index) => {
    if (!Number.isNaN(value)) return
    const x = (index % columns.length) * layout.cellWidth
    const y = Math.floor(index / columns.length) * layout.cellHeight
    strokes.push(...hatch(x, y, layout.cellWidth, layout.cellHeight))
  })
  svg
    .selectAll('path')
    .data(strokes.length > 0 ? [strokes.join('')] : [])
    .join('path')
    .attr('class', 'is-hatch')
    .attr('d', (path) => path)
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
