// One method's values of tokens as a row of coloured cells with the numbers in them where they fit: signed ones diverge from zero,
// amounts begin at it, and a row without an order is hatched.

import { float32At } from '#tensor/vector'
import { type AxisToken, axisName, type Chart, type ChartWords, type ColourScale } from '../kit/chart.ts'
import { colourOf, inkOn, type Palette, paler, paletteOf, rampOf } from '../kit/colour.ts'
import { showSpaces } from '../kit/labels.ts'
import { keepDrawn, redraw, widthOf } from '../kit/live.ts'
import { drawReadout } from '../kit/readout.ts'
import { chartRoot, type Slot, slot } from '../kit/slot.ts'
import { drawTable } from '../kit/table.ts'
import { drawMatrix } from './matrix.ts'
import { type Span, spanIn } from './matrix-view.ts'
import { fittingFont, stripLayout } from './strip-layout.ts'

export interface TokenStripData {
  readonly tokens: readonly AxisToken[]
  /** [tokens]; NaN where there is no value yet. */
  readonly values: Float32Array
  /** [tokens]: standard errors; NaN where there are none. */
  readonly errors: Float32Array
  /** Where tokens have one value together, which stands at each of them. */
  readonly spans: readonly Span[]
}

export interface TokenStripOptions {
  readonly scale: ColourScale
  /** Whether the values have no order: cells are hatched. */
  readonly isBlank: boolean
  /** Whether values may still change: cells are paler, and numbers are read on them all the same. */
  readonly isFinished: boolean
  readonly selectedToken: number | null
  /** `summary` names the row. */
  readonly words: ChartWords<'summary' | 'token' | 'unit' | 'error'>
  readonly format: (value: number) => string
  /** Short enough for a cell. */
  readonly formatCell: (value: number) => string
  readonly onSelect: (token: number) => void
  readonly onHover: (token: number | null) => void
}

/** Draws one cell for each token. */
export const drawTokenStrip: Chart<TokenStripData, TokenStripOptions> = (element, data, options) => {
  const { tokens, values } = data
  const root = chartRoot(element, 'token-strip').classed('is-unfinished', !options.isFinished)
  const layout = stripLayout(widthOf(element), tokens.length)
  const palette = paletteOf(element)
  const host = slot(root, 'div', 'is-strip-cells')
  const readout = slot(root, 'p', 'is-readout')
  const at = drawMatrix(host, {
    rows: ROW,
    columns: tokens,
    spans: [data.spans],
    values: options.isBlank ? blank(values) : values,
    scale: options.scale,
    palette,
    layout,
    selected: null,
    hovered: null,
    emphasised: { row: null, column: options.selectedToken },
    label: options.words.summary,
    corner: { row: '', column: '' },
    readout,
    scroller: null,
    headings: false,
    onHover: (cell) => options.onHover(cell?.column ?? null),
    onSelect: (cell) => options.onSelect(cell.column),
    onSelectToken: () => undefined,
    refresh: () => redraw(element),
  })
  const plot = host.select<HTMLDivElement>('.is-plot')
  drawNumbers(slot(plot, 'svg', 'is-cell-values'), data, options, layout, palette)
  readOut(readout, data, options, at?.column ?? null)
  const hasErrors = data.errors.some((error) => !Number.isNaN(error))
  drawTable(root, {
    caption: options.words.summary,
    headings: [options.words.token, options.words.unit, ...(hasErrors ? [options.words.error] : [])],
    rows: tokens.map((token, column) => {
      const span = spanIn(data.spans, column)
      const cell = (of: Float32Array) => {
        const text = options.format(float32At(of, column))
        if (span === undefined) return text
        return span.first === column ? { text, rows: span.last - span.first + 1 } : null
      }
      return [showSpaces(token.label), cell(values), ...(hasErrors ? [cell(data.errors)] : [])]
    }),
  })
  keepDrawn(element, () => drawTokenStrip(element, data, options))
}

const ROW: readonly AxisToken[] = [axisName('')]

const blanks = new WeakMap<Float32Array, Float32Array>()

/** Gaps in every place; the same for the same values, which are then drawn once. */
function blank(values: Float32Array): Float32Array {
  const made = blanks.get(values) ?? new Float32Array(values.length).fill(Number.NaN)
  blanks.set(values, made)
  return made
}

interface Numbered {
  readonly column: number
  readonly text: string
  readonly x: number
  readonly ink: string
}

function drawNumbers(
  svg: Slot<SVGSVGElement>,
  { values, spans }: TokenStripData,
  { scale, isBlank, isFinished, formatCell }: TokenStripOptions,
  { cellWidth, plotWidth, plotHeight }: ReturnType<typeof stripLayout>,
  palette: Palette,
): void {
  const ramp = rampOf(palette, scale.kind)
  const numbers = Array.from(values, (value, column): Numbered | null => {
    const span = spanIn(spans, column)
    if (Number.isNaN(value) || (span !== undefined && span.first !== column)) return null
    const width = span === undefined ? 1 : span.last - span.first + 1
    const ink = isBlank
      ? palette.inkQuiet
      : inkOn(isFinished ? colourOf(value, scale, ramp) : paler(colourOf(value, scale, ramp), palette.surface))
    return { column, text: isBlank ? '0' : formatCell(value), x: (column + width / 2) * cellWidth, ink }
  }).filter((number) => number !== null)
  const font = fittingFont(
    numbers.map(({ text }) => text),
    cellWidth,
  )
  svg
    .attr('width', plotWidth)
    .attr('height', plotHeight)
    .attr('aria-hidden', 'true')
    .style('font-size', `${font ?? 0}px`)
    .selectAll<SVGTextElement, Numbered>('text')
    .data(font === null ? [] : numbers, ({ column }) => column)
    .join((enter) => enter.append('text').attr('dy', '0.35em').attr('text-anchor', 'middle'))
    .attr('x', ({ x }) => x)
    .attr('y', plotHeight / 2)
    .attr('fill', ({ ink }) => ink)
    .text(({ text }) => text)
}

function readOut(line: Slot<HTMLParagraphElement>, data: TokenStripData, options: TokenStripOptions, column: number | null): void {
  const token = column === null ? undefined : data.tokens[column]
  if (column === null || token === undefined) {
    drawReadout(line, [])
    return
  }
  const error = float32At(data.errors, column)
  const value = options.format(float32At(data.values, column))
  drawReadout(line, [
    { kind: 'token', text: spanIn(data.spans, column)?.label ?? token.label },
    { kind: 'value', text: Number.isNaN(error) ? value : `${value} ± ${options.format(error).replace('+', '')}` },
    { kind: 'quiet', text: options.words.unit },
  ])
}
