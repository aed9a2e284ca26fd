// Attention as lines from queries (left) to keys (right), thicker where more flows.

import type { Chart } from '../kit/chart.ts'
import { type Palette, paletteOf } from '../kit/colour.ts'
import { labelWidth, showSpaces } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import type { Link } from '../kit/pairs.ts'
import { chartRoot, footHeight, type Slot, slot } from '../kit/slot.ts'
import { drawTokenList } from '../kit/token-list.ts'
import { focusOf, pointAt, tintOf } from './line-focus.ts'
import { drawLineFoot } from './line-foot.ts'
import { drawLines, drawLineTable, type Focus, type LineData, type LineOptions, type LineSide, linesOf, litValues } from './lines.ts'

export type FlowData = LineData
export type FlowOptions = LineOptions<never>

export interface FlowLayout {
  readonly row: number
  /** Width of a column of tokens. */
  readonly column: number
  /** Width between the columns. */
  readonly middle: number
  readonly height: number
}

const widest = 760
/** Least height of both columns, CSS pixels. */
const shortest = 160

/** Least height of a row in which its label is read, CSS pixels. */
const lowestRow = 17
/** Of the headings over the columns. */
const headingHeight = 26

/**
 * Sizes of the flow for `count` tokens a side in `width` CSS pixels; `label` is the widest label.
 * @param height CSS pixels that the rows should stand in; null for as many as they take
 */
export function flowLayout(count: number, label: number, width: number, height: number | null = null): FlowLayout {
  const wanted = count <= 24 ? 28 : count <= 64 ? 22 : 18
  const fitting = height === null ? wanted : Math.floor(height / Math.max(1, count))
  const row = Math.max(lowestRow, Math.min(wanted, fitting))
  const room = Math.min(widest, width)
  const column = Math.round(Math.min(room * 0.36, Math.max(88, label + 64)))
  return { row, column, middle: Math.max(40, room - 2 * column), height: row * Math.max(1, count) }
}

/** A line between two heights across the middle. */
export function flowPath(from: number, to: number, width: number): string {
  return `M0,${from}C${width / 2},${from} ${width / 2},${to} ${width},${to}`
}

/** Draws lines between two columns of tokens. */
export const drawFlow: Chart<FlowData, FlowOptions> = (element, data, options) => {
  const root = chartRoot(element, 'flow')
  const palette = paletteOf(element)
  const width = widthOf(element)
  const links = linesOf(element, data, options.threshold)
  const focus = focusOf(element, options.hoveredToken ?? options.selectedToken)
  const count = Math.max(data.tokens.length, data.keys.length)
  const label = Math.max(0, ...[...data.tokens, ...data.keys].map((token) => labelWidth(showSpaces(token.label), 12.5)))
  const height = options.height == null ? null : Math.max(shortest, options.height - 2 * footHeight(width))
  const layout = flowLayout(count, label, width, height === null ? null : height - headingHeight)
  const columns = slot(root, 'div', 'is-columns')
    .style('grid-template-columns', `${layout.column}px ${layout.middle}px ${layout.column}px`)
    .classed('is-focusing', focus !== null)
    .style('max-height', height === null ? 'none' : `${height}px`)
  slot(columns, 'div', 'is-title-query').classed('is-column-title is-of-query', true).text(options.words.query)
  slot(columns, 'div', 'is-title-middle')
  slot(columns, 'div', 'is-title-key').classed('is-column-title', true).text(options.words.key)

  const context: FlowContext = { element, data, options, links: links.drawn, focus, layout, palette }
  const queries = slot(columns, 'div', 'is-query').style('height', `${layout.height}px`)
  const stage = slot(columns, 'div', 'is-stage-lines').style('height', `${layout.height}px`)
  const keys = slot(columns, 'div', 'is-key').style('height', `${layout.height}px`)
  drawColumn(queries, 'query', context, keys)
  drawColumn(keys, 'key', context, queries)
  const middle = (index: number): number => (index + 0.5) * layout.row
  drawLines(
    element,
    stage,
    data,
    options,
    {
      width: layout.middle,
      height: layout.height,
      key: `${layout.middle} ${layout.row} ${count}`,
      path: (link) => flowPath(middle(link.row), middle(link.column), layout.middle),
    },
    focus,
    palette,
  )
  drawLineFoot(root, data, options, links, focus, 2 * layout.column + layout.middle, palette)
  drawLineTable(root, data, options, links)
  keepDrawn(element, () => drawFlow(element, data, options))
}

interface FlowContext {
  readonly element: HTMLElement
  readonly data: FlowData
  readonly options: FlowOptions
  readonly links: readonly Link[]
  readonly focus: Focus | null
  readonly layout: FlowLayout
  readonly palette: Palette
}

function drawColumn(host: Slot<HTMLDivElement>, side: LineSide, context: FlowContext, other: Slot<HTMLDivElement>): void {
  const { element, data, options, focus, layout, palette } = context
  const values = litValues(context.links, focus, side)
  const hot = focus !== null && focus.side !== (side === 'query' ? 'key' : 'query') ? focus.index : null
  drawTokenList(host, {
    name: options.words[side],
    tokens: side === 'query' ? data.tokens : data.keys,
    place: (index) => ({ left: 0, top: index * layout.row, width: layout.column, height: layout.row }),
    layout: `${layout.column} ${layout.row}`,
    hot,
    chosen: options.selectedToken,
    beside: (index) => {
      const value = values.get(index)
      return value === undefined ? null : { text: options.format(value), tint: tintOf(value, options, palette) }
    },
    dim: (index) => focus !== null && index !== hot && !values.has(index),
    onLeave: (key) => {
      if (key !== (side === 'query' ? 'ArrowRight' : 'ArrowLeft')) return key === 'ArrowLeft' || key === 'ArrowRight'
      other.node()?.focus()
      return true
    },
    onPoint: (index) => pointAt(element, index === null ? null : { index, side }, () => options.onHoverToken(index, side)),
    onChoose: (index) => options.onSelectToken(index, side),
    across: false,
  })
}
