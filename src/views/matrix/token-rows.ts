// Values of tokens by several methods: a row a method over the same tokens, each row in its own scale or all in one.

import { float32At } from '#tensor/vector'
import { type AxisToken, axisName, type Chart, type ChartWords, type ColourScale } from '../kit/chart.ts'
import { paletteOf } from '../kit/colour.ts'
import type { Position } from '../kit/keyboard.ts'
import { showSpaces } from '../kit/labels.ts'
import { paintLegend } from '../kit/legend.ts'
import { keepDrawn, redraw, widthOf } from '../kit/live.ts'
import { drawReadout } from '../kit/readout.ts'
import { chartRoot, footWidth, type Slot, slot } from '../kit/slot.ts'
import { drawTable, type TableCell } from '../kit/table.ts'
import { drawMatrix } from './matrix.ts'
import { matrixLayout } from './matrix-layout.ts'
import { type Span, spanIn } from './matrix-view.ts'

export interface TokenRow {
  /** Beside the row, where there is little room. */
  readonly label: string
  readonly name: string
  readonly unit: string
}

export interface TokenRowsData {
  readonly tokens: readonly AxisToken[]
  readonly rows: readonly TokenRow[]
  /** [rows, tokens]; NaN where there is no value yet. */
  readonly values: Float32Array
  /** [rows, tokens]: standard errors; NaN, or all left out, where there are none. */
  readonly errors?: Float32Array
  /** Of each row: where tokens have one value together, which stands at each of them; none where left out. */
  readonly spans?: readonly (readonly Span[])[]
}

export interface TokenRowsOptions {
  /** `own`: the strongest value of each row has the strongest colour. `same`: of all rows. */
  readonly scale: 'own' | 'same'
  /** Of all charts that share the one scale; null where this one has it for itself. */
  readonly largest: number | null
  readonly selectedToken: number | null
  readonly words: ChartWords<'summary' | 'token' | 'unit' | 'share' | 'error'>
  readonly format: (value: number) => string
  readonly onSelect: (token: number) => void
  readonly onHover: (token: number | null) => void
}

const rowHeight = 34
const finestFit = 14

/** Draws one coloured cell for each token of each row. */
export const drawTokenRows: Chart<TokenRowsData, TokenRowsOptions> = (element, data, options) => {
  const root = chartRoot(element, 'token-rows')
  const rows = data.rows.map(({ label }) => axisName(label))
  const width = widthOf(element)
  const layout = matrixLayout(rows, data.tokens, {
    width,
    zoom: width / Math.max(1, data.tokens.length) > finestFit ? 'fit' : 'readable',
    enlarged: 1,
    rowHeight,
    pixelRatio: window.devicePixelRatio,
  })
  const palette = paletteOf(element)
  const scaled = scaledValues(data, options)
  const scroller = slot(root, 'div', 'is-scroller')
  const foot = slot(root, 'div', 'is-foot').style('max-width', footWidth(layout.left + layout.plotWidth + layout.overhang))
  const readout = slot(foot, 'p', 'is-readout')
  const at = drawMatrix(scroller, {
    rows,
    columns: data.tokens,
    ...(data.spans === undefined ? {} : { spans: data.spans }),
    values: scaled.values,
    scale: scaled.scale,
    palette,
    layout,
    selected: null,
    hovered: null,
    emphasised: { row: null, column: options.selectedToken },
    label: options.words.summary,
    corner: { row: '', column: options.words.token },
    readout,
    scroller: scroller.node(),
    headings: false,
    onHover: (cell) => options.onHover(cell?.column ?? null),
    onSelect: (cell) => options.onSelect(cell.column),
    onSelectToken: () => undefined,
    refresh: () => redraw(element),
  })
  readOut(readout, data, options, at)
  const legend = slot(foot, 'div', 'is-legend-place').node()
  if (legend !== null) {
    const unit = options.scale === 'own' ? options.words.share : options.words.unit
    paintLegend(legend, { scale: scaled.scale, heads: [] }, { unit, note: '', gamma: 1, format: options.format }, palette)
  }
  const columns = data.rows.flatMap(({ name, unit }, row) => {
    const cellOf =
      (of: typeof valueAt) =>
      (column: number): TableCell => {
        const text = options.format(of(data, row, column))
        const span = spanIn(data.spans?.[row], column)
        if (span === undefined) return text
        return span.first === column ? { text, rows: span.last - span.first + 1 } : null
      }
    const value = { heading: `${name}, ${unit}`, cell: cellOf(valueAt) }
    const error = { heading: `${name}, ${options.words.error}`, cell: cellOf(errorAt) }
    return data.tokens.some((_, column) => !Number.isNaN(errorAt(data, row, column))) ? [value, error] : [value]
  })
  drawTable(root, {
    caption: options.words.summary,
    headings: [options.words.token, ...columns.map(({ heading }) => heading)],
    rows: data.tokens.map((token, column) => [showSpaces(token.label), ...columns.map(({ cell }) => cell(column))]),
  })
  keepDrawn(element, () => drawTokenRows(element, data, options))
}

interface Scaled {
  readonly values: Float32Array
  readonly scale: ColourScale
}

const kept = new WeakMap<Float32Array, Map<string, Scaled>>()

/** The same array for the same data: the matrix draws its cells anew when it is another one. */
function scaledValues(data: TokenRowsData, { scale, largest: shared }: Pick<TokenRowsOptions, 'scale' | 'largest'>): Scaled {
  const key = scale === 'same' ? `same ${shared}` : scale
  const known = kept.get(data.values) ?? new Map<string, Scaled>()
  kept.set(data.values, known)
  const before = known.get(key)
  if (before !== undefined) return before
  const { rows, tokens, values } = data
  const largest = (from: number, to: number): number =>
    values.subarray(from, to).reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0)
  const made: Scaled =
    scale === 'same'
      ? { values, scale: { kind: 'difference', max: (shared ?? largest(0, values.length)) || 1 } }
      : {
          values: Float32Array.from(values, (value, at) => {
            const row = Math.floor(at / Math.max(1, tokens.length))
            return value / (largest(row * tokens.length, (row + 1) * tokens.length) || 1)
          }),
          scale: { kind: 'difference', max: 1 },
        }
  if (rows.length > 0) known.set(key, made)
  return made
}

function valueAt({ tokens, values }: TokenRowsData, row: number, column: number): number {
  return float32At(values, row * tokens.length + column)
}

function readOut(line: Slot<HTMLParagraphElement>, data: TokenRowsData, options: TokenRowsOptions, at: Position | null): void {
  const token = at === null ? undefined : data.tokens[at.column]
  const row = at === null ? undefined : data.rows[at.row]
  if (at === null || token === undefined || row === undefined) {
    drawReadout(line, [])
    return
  }
  const valueText = (of: number): string => {
    const error = errorAt(data, of, at.column)
    const value = options.format(valueAt(data, of, at.column))
    return Number.isNaN(error) ? value : `${value} ± ${options.format(error).replace('+', '')}`
  }
  const others = data.rows.flatMap(({ label }, of) => (of === at.row ? [] : [`${label} ${valueText(of)}`]))
  drawReadout(line, [
    { kind: 'token', text: spanIn(data.spans?.[at.row], at.column)?.label ?? token.label },
    { kind: 'quiet', text: row.name },
    { kind: 'value', text: valueText(at.row) },
    { kind: 'quiet', text: row.unit },
    ...others.map((text) => ({ kind: 'quiet' as const, text })),
  ])
}

function errorAt({ tokens, errors }: TokenRowsData, row: number, column: number): number {
  return errors == null ? Number.NaN : float32At(errors, row * tokens.length + column)
}
