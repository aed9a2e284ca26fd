// One attention matrix: queries down, keys across. Up to 64 tokens a side as SVG, beyond that as one canvas.

import { type D3ZoomEvent, select, zoom, zoomIdentity } from 'd3'
import { float32At } from '#tensor/vector'
import type { AxisToken, Cell, Chart, ChartWords, ColourScale } from '../kit/chart.ts'
import { paletteOf } from '../kit/colour.ts'
import type { Position } from '../kit/keyboard.ts'
import { paintLegend } from '../kit/legend.ts'
import { keepDrawn, redraw, widthOf } from '../kit/live.ts'
import { drawReadout } from '../kit/readout.ts'
import { chartRoot, footHeight, footWidth, type Slot, slot } from '../kit/slot.ts'
import { drawTable, matrixTable } from '../kit/table.ts'
import { drawMatrix, largestDrawnSide } from './matrix.ts'
import { asideWidth } from './matrix-aside.ts'
import { type MatrixLayout, matrixLayout } from './matrix-layout.ts'

export interface HeatmapData {
  readonly rows: readonly AxisToken[]
  readonly columns: readonly AxisToken[]
  /** [rows, columns]; NaN is a gap. A new array means new values: the array drawn last is not read again. */
  readonly values: Float32Array
  /** [rows]: what each row sends to tokens that are set aside, -1..1, NaN for none; null, or left out, where none are. */
  readonly aside?: Float32Array | null
}

export interface HeatmapOptions {
  readonly scale: ColourScale
  readonly unit: string
  readonly selected: Cell | null
  readonly hovered: Cell | null
  /** Its row and column are emphasised. */
  readonly selectedToken: number | null
  /** `fit`: all of it in the width and the height. `readable`: cells of 18 pixels or more, scrolling inside the element. */
  readonly zoom: 'fit' | 'readable'
  /** CSS pixels for the whole chart; null, or left out, for as many as it takes. */
  readonly height?: number | null
  readonly words: ChartWords<'query' | 'key' | 'summary' | 'gap'> & {
    /** What is set aside, over the bars. */
    readonly aside?: string
    /** A remark for the legend, for instance that sinks are set aside. */
    readonly note?: string
  }
  readonly format: (value: number) => string
  readonly onHover: (cell: Cell | null) => void
  readonly onSelect: (cell: Cell) => void
  readonly onSelectToken: (index: number, axis: 'row' | 'column') => void
}

const largestZoom = 40
/** Least height of the matrix, CSS pixels. */
const shortest = 120
const enlarged = new WeakMap<Element, number>()

/** Draws attention of [rows, columns]. Ctrl and wheel, or a pinch, enlarge a matrix beyond 64 tokens a side. */
export const drawHeatmap: Chart<HeatmapData, HeatmapOptions> = (element, data, options) => {
  const root = chartRoot(element, 'heatmap').classed('is-readable', options.zoom === 'readable')
  const { rows, columns, values } = data
  const aside = data.aside ? { values: data.aside, label: options.words.aside ?? '' } : null
  const width = widthOf(element)
  const height = options.height == null ? null : Math.max(shortest, options.height - footHeight(width))
  const palette = paletteOf(element)
  const layout = matrixLayout(rows, columns, {
    width,
    height,
    beside: asideWidth(aside),
    zoom: options.zoom,
    enlarged: enlarged.get(element) ?? 1,
    rowHeight: null,
    pixelRatio: window.devicePixelRatio,
  })
  const scroller = slot(root, 'div', 'is-scroller')
  if (height !== null) scroller.style('max-height', options.zoom === 'readable' ? `${height}px` : 'none')
  const foot = slot(root, 'div', 'is-foot').style('max-width', footWidth(layout.left + layout.plotWidth + layout.overhang))
  const readout = slot(foot, 'p', 'is-readout')
  const at = drawMatrix(scroller, {
    rows,
    columns,
    values,
    aside,
    scale: options.scale,
    palette,
    layout,
    selected: options.selected,
    hovered: options.hovered,
    emphasised: { row: options.selectedToken, column: options.selectedToken },
    label: options.words.summary,
    corner: { row: options.words.query, column: options.words.key },
    readout,
    scroller: scroller.node(),
    headings: true,
    onHover: options.onHover,
    onSelect: options.onSelect,
    onSelectToken: options.onSelectToken,
    refresh: () => redraw(element),
  })
  readOut(readout, data, options, at)
  const legend = slot(foot, 'div', 'is-legend-place').node()
  if (legend !== null)
    paintLegend(
      legend,
      { scale: options.scale, heads: [] },
      { unit: options.unit, note: options.words.note ?? '', gamma: 1, format: options.format },
      palette,
    )
  drawSummary(root, data, options)
  if (Math.max(rows.length, columns.length) > largestDrawnSide) listenForZoom(scroller, element, layout)
  keepDrawn(element, () => drawHeatmap(element, data, options))
}

function readOut(readout: Slot<HTMLParagraphElement>, data: HeatmapData, options: HeatmapOptions, at: Position | null): void {
  const query = at === null ? undefined : data.rows[at.row]
  const key = at === null ? undefined : data.columns[at.column]
  if (at === null || (query === undefined && key === undefined)) {
    drawReadout(readout, [])
    return
  }
  if (query === undefined || key === undefined) {
    const word = query === undefined ? options.words.key : options.words.query
    const sent = query === undefined ? undefined : data.aside?.[at.row]
    drawReadout(readout, [
      { kind: 'quiet', text: word },
      { kind: 'token', text: (query ?? key)?.label ?? '' },
      ...(sent === undefined || Number.isNaN(sent)
        ? []
        : ([
            { kind: 'quiet', text: `→ ${options.words.aside ?? ''}` },
            { kind: 'value', text: options.format(sent) },
          ] as const)),
    ])
    return
  }
  const value = float32At(data.values, at.row * data.columns.length + at.column)
  drawReadout(readout, [
    { kind: 'token', text: query.label },
    { kind: 'quiet', text: '→' },
    { kind: 'token', text: key.label },
    Number.isNaN(value) ? { kind: 'quiet', text: options.words.gap } : { kind: 'value', text: options.format(value) },
  ])
}

const summarised = new WeakMap<Element, readonly [Float32Array, readonly AxisToken[], string]>()

function drawSummary(root: Slot<HTMLDivElement>, data: HeatmapData, options: HeatmapOptions): void {
  const node = root.node()
  if (node === null) return
  const known = summarised.get(node)
  if (known?.[0] === data.values && known[1] === data.rows && known[2] === options.words.summary) return
  summarised.set(node, [data.values, data.rows, options.words.summary])
  drawTable(
    root,
    matrixTable(data.rows, data.columns, data.values, { ...options.words, unit: options.unit }, options.format, data.aside ?? null),
  )
}

/** The zoom gesture changes the size of the cells; moving about stays ordinary scrolling. */
function listenForZoom(scroller: Slot<HTMLDivElement>, element: HTMLElement, layout: MatrixLayout): void {
  const node = scroller.node()
  if (node === null) return
  const behaviour = zoom<HTMLDivElement, unknown>()
    .scaleExtent([1, largestZoom])
    .filter((event: Event) =>
      event instanceof WheelEvent ? event.ctrlKey : 'touches' in event && event.touches instanceof TouchList && event.touches.length > 1,
    )
    .on('zoom', (event: D3ZoomEvent<HTMLDivElement, unknown>) => {
      const before = enlarged.get(element) ?? 1
      const factor = event.transform.k / before
      if (factor === 1) return
      const box = node.getBoundingClientRect()
      const [centreX, centreY] =
        event.sourceEvent instanceof MouseEvent
          ? ([event.sourceEvent.clientX - box.left, event.sourceEvent.clientY - box.top] as const)
          : ([box.width / 2, box.height / 2] as const)
      const x = centreX - layout.left
      const y = centreY - layout.top
      const left = (node.scrollLeft + x) * factor - x
      const top = (node.scrollTop + y) * factor - y
      enlarged.set(element, event.transform.k)
      redraw(element)
      node.scrollLeft = left
      node.scrollTop = top
    })
  select(node)
    .call(behaviour)
    .property('__zoom', zoomIdentity.scale(enlarged.get(element) ?? 1))
    .on('dblclick.zoom', null)
}
