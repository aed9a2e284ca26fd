// A token matrix: cells, labels on both sides, crosshair, pointer and keyboard. The heatmap and the token's layer strips
// are made of it. Cells are drawn only when their values, sizes or colours change; pointing moves an overlay.

import { setDrawing } from '../kit/canvas-drawing.ts'
import type { Cell } from '../kit/chart.ts'
import { pixelOf, type Ramp, rampOf } from '../kit/colour.ts'
import { type Position, walkMatrix } from '../kit/keyboard.ts'
import { paintPixels, rasterise } from '../kit/raster.ts'
import { idOf, type Slot, slot } from '../kit/slot.ts'
import { drawAside } from './matrix-aside.ts'
import { drawAxes } from './matrix-axes.ts'
import { canvasOf, drawCanvasCells } from './matrix-canvas.ts'
import { drawSvgCells } from './matrix-cells.ts'
import type { MatrixLayout } from './matrix-layout.ts'
import { drawOverlay } from './matrix-overlay.ts'
import { type MatrixView, spanAt, spansKey } from './matrix-view.ts'

/** Largest side whose cells are drawn one by one; beyond, a cell is a pixel of an image. */
export const largestDrawnSide = 64
/** More cells than these are drawn on a canvas. */
const mostSvgCells = 400

interface MatrixState {
  /** What the cells were last drawn from. */
  values: Float32Array | null
  cells: string
  /** Where the pointer or the keyboard stands in this chart now. */
  at: Position | null
  /** Where the keyboard will start. */
  cursor: Position | null
  /** Whether the pointer put `at` there: only then does its leaving take it away. */
  pointer: boolean
}

const states = new WeakMap<Element, MatrixState>()

function stateOf(element: Element): MatrixState {
  const known = states.get(element)
  if (known !== undefined) return known
  const fresh: MatrixState = { values: null, cells: '', at: null, cursor: null, pointer: false }
  states.set(element, fresh)
  return fresh
}

/** Draws the matrix into `host` and returns the position whose value should be read out, or null. */
export function drawMatrix(host: Slot<HTMLDivElement>, view: MatrixView): Position | null {
  const element = host.node()
  if (element === null) return null
  const state = stateOf(element)
  const { layout } = view
  const inner = slot(host, 'div', 'is-matrix')
    .style('grid-template-columns', `${layout.left}px ${layout.plotWidth + layout.overhang}px`)
    .style('grid-template-rows', `${layout.top}px ${layout.plotHeight}px`)
    .style('width', `${layout.left + layout.plotWidth + layout.overhang}px`)
  drawCorner(slot(inner, 'div', 'is-corner'), view)
  const columnAxis = slot(inner, 'svg', 'is-column-axis')
  const rowAxis = slot(inner, 'svg', 'is-row-axis')
  const plot = slot(inner, 'div', 'is-plot').style('width', `${layout.plotWidth}px`).style('height', `${layout.plotHeight}px`)

  drawCells(plot, view, state, rampOf(view.palette, view.scale.kind))
  const at = inside(state.at ?? view.hovered, view)
  drawOverlay(slot(plot, 'svg', 'is-overlay'), view, at)
  drawAxes(rowAxis, columnAxis, view, at)
  const aside = view.aside === undefined ? null : slot(inner, 'svg', 'is-aside')
  if (aside !== null) drawAside(aside, columnAxis, view, at)
  listen({ plot, rowAxis, columnAxis, aside }, view, state)
  return at ?? inside(view.selected, view)
}

function inside<Kind extends Position>(at: Kind | null, view: MatrixView): Kind | null {
  return at !== null && at.row < view.rows.length && at.column < view.columns.length ? at : null
}

function drawCorner(corner: Slot<HTMLDivElement>, view: MatrixView): void {
  slot(corner, 'span', 'is-corner-column').text(view.corner.column === '' ? '' : `${view.corner.column} →`)
  slot(corner, 'span', 'is-corner-row').text(view.corner.row === '' ? '' : `${view.corner.row} ↓`)
}

function drawCells(plot: Slot<HTMLDivElement>, view: MatrixView, state: MatrixState, ramp: Ramp): void {
  const { rows, columns, layout, palette, scale, values } = view
  const raster = Math.max(rows.length, columns.length) > largestDrawnSide
  const ratio = window.devicePixelRatio
  const key = [
    raster,
    rows.length,
    columns.length,
    layout.cellWidth,
    layout.cellHeight,
    layout.seam,
    scale.kind,
    scale.max,
    ramp.key,
    ratio,
    ...spansKey(view),
  ].join()
  if (state.values === values && state.cells === key) return
  state.values = values
  state.cells = key
  if (!raster && rows.length * columns.length <= mostSvgCells) {
    plot.select(':scope > canvas').remove()
    drawSvgCells(plot, view, ramp)
    return
  }
  plot.select(':scope > .is-cells').remove()
  if (!raster) {
    drawCanvasCells(plot, view, ramp, ratio)
    return
  }
  const size = {
    width: Math.max(1, Math.min(columns.length, Math.round(layout.plotWidth * ratio))),
    height: Math.max(1, Math.min(rows.length, Math.round(layout.plotHeight * ratio))),
  }
  const node = canvasOf(plot, 'is-raster').style('width', `${layout.plotWidth}px`).style('height', `${layout.plotHeight}px`).node()
  const gap: readonly [number, number] = [pixelOf(palette.surface), pixelOf(palette.line)]
  if (node === null) return
  setDrawing(node, null)
  paintPixels(node, rasterise(values, rows.length, columns.length, size, scale, { ramp, gap }), size.width, size.height)
}

interface Parts {
  readonly plot: Slot<HTMLDivElement>
  readonly rowAxis: Slot<SVGSVGElement>
  readonly columnAxis: Slot<SVGSVGElement>
  readonly aside: Slot<SVGSVGElement> | null
}

function listen(parts: Parts, view: MatrixView, state: MatrixState): void {
  const { layout, rows, columns } = view
  const point = (at: Position | null, pointer = false): void => {
    state.pointer = pointer
    if (at?.row === state.at?.row && at?.column === state.at?.column) return
    state.at = at
    view.onHover(cellAt(at))
    view.refresh()
  }
  const leave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && state.pointer) point(null)
  }
  const choose = (at: Position | null): void => {
    if (at === null) return
    state.cursor = at
    if (at.row >= 0 && at.column >= 0) view.onSelect({ row: at.row, column: at.column })
    else if (at.column < 0) view.onSelectToken(at.row, 'row')
    else view.onSelectToken(at.column, 'column')
  }
  const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(value)))
  const cell = (event: PointerEvent | MouseEvent): Position => ({
    row: clamp(event.offsetY / layout.cellHeight, rows.length),
    column: clamp(event.offsetX / layout.cellWidth, columns.length),
  })
  parts.plot
    .attr('tabindex', 0)
    .attr('role', 'application')
    .attr('aria-label', view.label)
    .attr('aria-describedby', idOf(view.readout))
    .on('pointermove pointerdown', (event: PointerEvent) => point(cell(event), true))
    .on('pointerleave', (event: PointerEvent) => leave(event))
    .on('click', (event: MouseEvent) => choose(cell(event)))
    .on('focus', (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible'))
        point(state.cursor ?? inside(view.selected, view) ?? { row: 0, column: 0 })
    })
    .on('blur', () => point(null))
    .on('keydown', (event: KeyboardEvent) => {
      const start = inside(state.at ?? state.cursor ?? view.selected, view) ?? { row: 0, column: 0 }
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault()
        choose(start)
        return
      }
      const { first, last } = spanAt(view, start)
      const from = event.key === 'ArrowRight' ? last : event.key === 'ArrowLeft' ? first : start.column
      const next = walkMatrix({ ...start, column: from }, event.key, event.ctrlKey || event.metaKey, {
        rows: rows.length,
        columns: columns.length,
        headings: view.headings,
      })
      if (next === null) return
      event.preventDefault()
      state.cursor = next
      point(next)
      reveal(view.scroller, layout, next)
    })
  if (!view.headings) return
  const heading = (axis: 'row' | 'column') => (event: PointerEvent | MouseEvent) =>
    axis === 'row'
      ? { row: clamp(event.offsetY / layout.cellHeight, rows.length), column: -1 }
      : {
          row: -1,
          column: clamp(
            (event.offsetX - (layout.labels === 'slanted' ? layout.top - event.offsetY : 0)) / layout.cellWidth,
            columns.length,
          ),
        }
  for (const [axis, place] of [['row', parts.rowAxis] as const, ['row', parts.aside] as const, ['column', parts.columnAxis] as const]) {
    if (place === null) continue
    const at = heading(axis)
    place
      .on('pointermove pointerdown', (event: PointerEvent) => point(at(event), true))
      .on('pointerleave', (event: PointerEvent) => leave(event))
      .on('click', (event: MouseEvent) => choose(at(event)))
  }
}

function cellAt(at: Position | null): Cell | null {
  return at !== null && at.row >= 0 && at.column >= 0 ? { row: at.row, column: at.column } : null
}

/** Scrolls the matrix inside its element so that the keyboard's cell is in sight, clear of the sticky labels. */
function reveal(scroller: HTMLElement | null, layout: MatrixLayout, at: Position): void {
  if (scroller === null) return
  const left = Math.max(0, at.column) * layout.cellWidth
  const top = Math.max(0, at.row) * layout.cellHeight
  const width = scroller.clientWidth - layout.left
  const height = scroller.clientHeight - layout.top
  if (left < scroller.scrollLeft) scroller.scrollLeft = left
  else if (left + layout.cellWidth > scroller.scrollLeft + width) scroller.scrollLeft = left + layout.cellWidth - width
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + layout.cellHeight > scroller.scrollTop + height) scroller.scrollTop = top + layout.cellHeight - height
}
