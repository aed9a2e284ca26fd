// One token through all layers, as two strips over the same tokens: what it looks at, and what looks at it.

import { float32At } from '#tensor/vector'
import type { AxisToken, Chart, ChartWords, ColourScale } from '../kit/chart.ts'
import { type Palette, paletteOf } from '../kit/colour.ts'
import type { Position } from '../kit/keyboard.ts'
import { paintLegend } from '../kit/legend.ts'
import { keepDrawn, redraw, widthOf } from '../kit/live.ts'
import { strongestPairs } from '../kit/pairs.ts'
import { drawReadout } from '../kit/readout.ts'
import { chartRoot, footHeight, footWidth, type Slot, slot } from '../kit/slot.ts'
import { drawTable } from '../kit/table.ts'
import { drawMatrix, largestDrawnSide } from './matrix.ts'
import { type MatrixLayout, matrixLayout } from './matrix-layout.ts'

export interface TokenFocusData {
  readonly tokens: readonly AxisToken[]
  /** The token looked at. */
  readonly token: number
  readonly layers: number
  /** [layers, tokens]: attention(token -> other). */
  readonly from: Float32Array
  /** [layers, tokens]: attention(other -> token). */
  readonly to: Float32Array
}

export type FocusSide = 'from' | 'to'

export interface TokenFocusOptions {
  readonly scale: ColourScale
  readonly selectedLayer: number | null
  /** CSS pixels for the whole chart; null, or left out, for as many as it takes. */
  readonly height?: number | null
  readonly words: ChartWords<'looksAt' | 'lookedAtBy' | 'layer' | 'summary'> & {
    /** Unit of the values, for the legend. */
    readonly unit?: string
    /** A remark for the legend, for instance that sinks are set aside. */
    readonly note?: string
  }
  readonly format: (value: number) => string
  readonly onSelect: (layer: number, token: number) => void
  readonly onHover: (at: { readonly layer: number; readonly token: number; readonly side: FocusSide } | null) => void
}

const largestRow = 18
const smallestRow = 6
/** Titles and column labels of both strips, CSS pixels. */
const besideRows = 150
/** Cells of this many pixels still fit without scrolling. */
const finestFit = 14
const told = 5

/** Draws both strips; rows are layers, counted from 1. */
export const drawTokenFocus: Chart<TokenFocusData, TokenFocusOptions> = (element, data, options) => {
  const root = chartRoot(element, 'token-focus')
  const layers: readonly AxisToken[] = Array.from({ length: data.layers }, (_, layer) => ({
    label: String(layer + 1),
    special: false,
    changed: false,
    gap: false,
  }))
  const height = options.height == null ? null : Math.max(0, options.height - footHeight(widthOf(element)))
  const layout = matrixLayout(layers, data.tokens, {
    width: widthOf(element),
    zoom: data.tokens.length > largestDrawnSide || widthOf(element) / data.tokens.length > finestFit ? 'fit' : 'readable',
    enlarged: 1,
    rowHeight: rowHeightOf(data.layers, height),
    pixelRatio: window.devicePixelRatio,
  })
  const palette = paletteOf(element)
  const scroller = slot(root, 'div', 'is-scroller').style('max-height', height === null ? 'none' : `${Math.max(besideRows, height)}px`)
  const foot = slot(root, 'div', 'is-foot').style('max-width', footWidth(layout.left + layout.plotWidth + layout.overhang))
  const readout = slot(foot, 'p', 'is-readout')
  const context: StripContext = { element, data, options, palette, layers, scroller: scroller.node(), readout }
  const from = drawStrip(slot(scroller, 'div', 'is-from'), 'from', context, layout)
  const to = drawStrip(slot(scroller, 'div', 'is-to'), 'to', context, { ...layout, top: 4, columnLabels: data.tokens.map(() => '') })
  readOut(readout, data, options, from === null ? to : from, from === null ? 'to' : 'from')
  const legend = slot(foot, 'div', 'is-legend-place').node()
  if (legend !== null) {
    paintLegend(
      legend,
      { scale: options.scale, heads: [] },
      { unit: options.words.unit ?? '', note: options.words.note ?? '', gamma: 1, format: options.format },
      palette,
    )
  }
  drawSummary(root, data, options)
  keepDrawn(element, () => drawTokenFocus(element, data, options))
}

/** Rows that let both strips stand in a height. */
function rowHeightOf(layers: number, height: number | null): number {
  if (height === null) return largestRow
  return Math.max(smallestRow, Math.min(largestRow, Math.floor((height - besideRows) / Math.max(1, 2 * layers))))
}

interface StripContext {
  readonly element: HTMLElement
  readonly data: TokenFocusData
  readonly options: TokenFocusOptions
  readonly palette: Palette
  readonly layers: readonly AxisToken[]
  readonly scroller: HTMLElement | null
  readonly readout: Slot<HTMLParagraphElement>
}

function drawStrip(host: Slot<HTMLDivElement>, side: FocusSide, context: StripContext, layout: MatrixLayout): Position | null {
  const { element, data, options } = context
  const title = side === 'from' ? options.words.looksAt : options.words.lookedAtBy
  slot(host.classed('is-strip', true), 'p', 'is-strip-title').text(title)
  return drawMatrix(slot(host, 'div', 'is-strip-plot'), {
    rows: context.layers,
    columns: data.tokens,
    values: data[side],
    scale: options.scale,
    palette: context.palette,
    layout,
    selected: null,
    hovered: null,
    emphasised: { row: options.selectedLayer, column: data.token },
    label: `${data.tokens[data.token]?.label ?? ''} ${title}`,
    corner: { row: '', column: '' },
    readout: context.readout,
    scroller: context.scroller,
    headings: false,
    onHover: (cell) => options.onHover(cell === null ? null : { layer: cell.row, token: cell.column, side }),
    onSelect: (cell) => options.onSelect(cell.row, cell.column),
    onSelectToken: () => undefined,
    refresh: () => redraw(element),
  })
}

function readOut(
  line: Slot<HTMLParagraphElement>,
  data: TokenFocusData,
  options: TokenFocusOptions,
  at: Position | null,
  side: FocusSide,
): void {
  const other = at === null ? undefined : data.tokens[at.column]
  if (at === null || other === undefined) {
    drawReadout(line, [])
    return
  }
  const own = data.tokens[data.token]?.label ?? ''
  drawReadout(line, [
    { kind: 'quiet', text: `${options.words.layer} ${at.row + 1}` },
    { kind: 'token', text: side === 'from' ? own : other.label },
    { kind: 'quiet', text: '→' },
    { kind: 'token', text: side === 'from' ? other.label : own },
    { kind: 'value', text: options.format(float32At(data[side], at.row * data.tokens.length + at.column)) },
  ])
}

const summarised = new WeakMap<Element, readonly [Float32Array, string]>()

function drawSummary(root: Slot<HTMLDivElement>, data: TokenFocusData, options: TokenFocusOptions): void {
  const node = root.node()
  const known = node === null ? undefined : summarised.get(node)
  // The same values in another language are another table.
  if (node === null || (known?.[0] === data.from && known[1] === options.words.summary)) return
  summarised.set(node, [data.from, options.words.summary])
  const rowsOf = (side: FocusSide, title: string): readonly (readonly string[])[] =>
    strongestPairs(data[side], data.tokens.length, told).map((pair) => [
      title,
      data.tokens[pair.column]?.label ?? '',
      `${options.words.layer} ${pair.row + 1}`,
      options.format(pair.value),
    ])
  drawTable(root, {
    caption: options.words.summary,
    headings: [data.tokens[data.token]?.label ?? '', '', options.words.layer, options.words.unit ?? ''],
    rows: [...rowsOf('from', options.words.looksAt), ...rowsOf('to', options.words.lookedAtBy)],
  })
}
