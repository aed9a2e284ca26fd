// Cells of a matrix of many cells on one canvas: as SVG rectangles, hundreds of them would be laid out anew with every token typed. They
// look as those do, and an exported file has them as rectangles.

import { float32At } from '#tensor/vector'
import { setDrawing } from '../kit/canvas-drawing.ts'
import { colourOf, type Ramp } from '../kit/colour.ts'
import type { Slot } from '../kit/slot.ts'
import { hatching, roundOf } from './matrix-cells.ts'
import { type MatrixView, spansKey } from './matrix-view.ts'

interface DrawnCell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly fill: string
}

/** Draws the cells onto the plot's canvas, in screen pixels: `ratio` of them to a CSS pixel. */
export function drawCanvasCells(plot: Slot<HTMLDivElement>, view: MatrixView, ramp: Ramp, ratio: number): void {
  const { layout } = view
  const canvas = canvasOf(plot, 'is-drawn-cells').attr('data-shape', [view.rows.length, view.columns.length, ...spansKey(view)].join())
  const node = canvas.style('width', `${layout.plotWidth}px`).style('height', `${layout.plotHeight}px`).node()
  if (node === null) return
  node.width = Math.max(1, Math.round(layout.plotWidth * ratio))
  node.height = Math.max(1, Math.round(layout.plotHeight * ratio))
  const pen = node.getContext('2d')
  const cells = cellsOf(view, ramp)
  const strokes = hatching(view)
  setDrawing(node, () => cellsAsSvg(cells, strokes, view))
  if (pen === null) return
  const radius = roundOf(layout) * ratio
  const snap = (at: number): number => Math.round(at * ratio)
  for (const { x, y, width, height, fill } of cells) {
    pen.fillStyle = fill
    const box = [snap(x), snap(y), snap(x + width) - snap(x), snap(y + height) - snap(y)] as const
    if (radius === 0) pen.fillRect(...box)
    else {
      pen.beginPath()
      pen.roundRect(...box, radius)
      pen.fill()
    }
  }
  if (strokes === '') return
  pen.scale(ratio, ratio)
  pen.strokeStyle = view.palette.line
  pen.stroke(new Path2D(strokes))
}

/** The plot's only canvas, of this class, below what lies over the cells. */
export function canvasOf(plot: Slot<HTMLDivElement>, name: string): Slot<HTMLCanvasElement> {
  const found = plot.select<HTMLCanvasElement>(':scope > canvas')
  const canvas = found.empty() ? plot.insert<HTMLCanvasElement>('canvas', ':first-child') : found
  return canvas.attr('class', name).attr('aria-hidden', 'true')
}

/** Cells that have a value, CSS pixels. */
function cellsOf({ rows, columns, values, spans, layout, scale }: MatrixView, ramp: Ramp): readonly DrawnCell[] {
  const cells: DrawnCell[] = []
  const { cellWidth, cellHeight, seam } = layout
  const add = (row: number, first: number, last: number): void => {
    const value = float32At(values, row * columns.length + first)
    if (Number.isNaN(value)) return
    cells.push({
      x: first * cellWidth + seam / 2,
      y: row * cellHeight + seam / 2,
      width: Math.max(0.5, (last - first + 1) * cellWidth - seam),
      height: Math.max(0.5, cellHeight - seam),
      fill: colourOf(value, scale, ramp),
    })
  }
  for (let row = 0; row < rows.length; row += 1) {
    const wide = spans?.[row] ?? []
    let column = 0
    while (column < columns.length) {
      const last = wide.find(({ first }) => first === column)?.last ?? column
      add(row, column, last)
      column = last + 1
    }
  }
  return cells
}

function cellsAsSvg(cells: readonly DrawnCell[], strokes: string, { layout, palette }: MatrixView): SVGElement {
  const make = (name: string, attributes: Readonly<Record<string, string | number>>): SVGElement => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
    return node
  }
  const group = make('g', {})
  const rx = roundOf(layout)
  for (const cell of cells) group.append(make('rect', { ...cell, ...(rx > 0 ? { rx } : { 'shape-rendering': 'crispEdges' }) }))
  if (strokes !== '') group.append(make('path', { d: strokes, fill: 'none', stroke: palette.line, 'stroke-width': 1 }))
  return group
}
