// Attention as arcs over one line of tokens. Above the line a token looks back, to earlier tokens: the arc's right end is
// the query. Below it looks ahead: the left end is the query. A loop is a token that looks at itself.

import { elementAt } from '#tensor/vector'
import type { Chart } from '../kit/chart.ts'
import { paletteOf } from '../kit/colour.ts'
import { labelWidth, showSpaces } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import type { Link } from '../kit/pairs.ts'
import { chartRoot, footHeight, slot } from '../kit/slot.ts'
import { drawTokenList } from '../kit/token-list.ts'
import { focusOf, pointAt, tintOf } from './line-focus.ts'
import { drawLineFoot } from './line-foot.ts'
import { drawLines, drawLineTable, isLit, type LineData, type LineOptions, linesOf } from './lines.ts'

export type ArcsData = LineData
export type ArcsOptions = LineOptions<'back' | 'ahead'>

const font = 12.5
const widestToken = 132
const tokenHeight = 28
const tallest = 190
const shortest = 26
/** Arcs keep at least this share of their height. */
const flattest = 0.3
/** Of the two lines that tell which side is which. */
const sidesHeight = 28

export interface ArcsLayout {
  /** Left edge of each token, CSS pixels. */
  readonly lefts: readonly number[]
  readonly widths: readonly number[]
  readonly width: number
  /** Height above and below the line of tokens. */
  readonly above: number
  readonly below: number
  /** Share of their height that arcs keep. */
  readonly flattened: number
}

/**
 * Places a line of tokens, spread over `width` when it is shorter; `links` decide how much height each side needs.
 * @param height CSS pixels that tokens and arcs should stand in; null for as many as they take
 */
export function arcsLayout(labels: readonly string[], links: readonly Link[], width: number, height: number | null = null): ArcsLayout {
  const natural = labels.map((label) => Math.min(widestToken, Math.max(24, Math.ceil(labelWidth(label, font)) + 16)))
  const total = natural.reduce((sum, each) => sum + each, 0)
  const spare = labels.length > 0 ? Math.max(0, Math.min(28, Math.floor((width - total) / labels.length))) : 0
  let edge = 0
  const lefts = natural.map((each) => {
    const left = edge + spare / 2
    edge += each + spare
    return left
  })
  const middles = lefts.map((left, index) => left + elementAt(natural, index) / 2)
  const reach = (ahead: boolean): number =>
    links
      .filter((link) => (ahead ? link.column > link.row : link.column <= link.row))
      .reduce((most, link) => Math.max(most, arcHeight(elementAt(middles, link.row) - elementAt(middles, link.column))), 0)
  const [above, below] = [Math.max(36, reach(false) + 8), Math.max(24, reach(true) + 8)]
  const flattened = height === null ? 1 : Math.max(flattest, Math.min(1, (height - tokenHeight) / (above + below)))
  return {
    lefts,
    widths: natural,
    width: Math.max(edge, 1),
    above: Math.ceil(above * flattened),
    below: Math.ceil(below * flattened),
    flattened,
  }
}

/** Height of an arc over a distance: it grows with the square root, so that long arcs stay in sight. */
export function arcHeight(distance: number): number {
  return Math.min(tallest, Math.max(shortest, 5.2 * Math.sqrt(Math.abs(distance))))
}

/** An arc from `from` to `to` that leaves the line at `base` by `rise` (negative is up). */
export function arcPath(from: number, to: number, base: number, rise: number): string {
  if (from === to) return `M${from - 5},${base}C${from - 13},${base + rise} ${from + 13},${base + rise} ${from + 5},${base}`
  const bend = (rise * 4) / 3
  const shoulder = (to - from) * 0.12
  return `M${from},${base}C${from + shoulder},${base + bend} ${to - shoulder},${base + bend} ${to},${base}`
}

/** Draws arcs over the tokens of one input. */
export const drawArcs: Chart<ArcsData, ArcsOptions> = (element, data, options) => {
  const root = chartRoot(element, 'arcs')
  const palette = paletteOf(element)
  const width = widthOf(element)
  const links = linesOf(element, data, options.threshold)
  const labels = data.tokens.map((token) => showSpaces(token.label))
  const room = options.height == null ? null : options.height - 2 * footHeight(width) - sidesHeight
  const layout = arcsLayout(labels, links.drawn, width, room)
  const focus = focusOf(element, options.hoveredToken ?? options.selectedToken)
  const height = layout.above + tokenHeight + layout.below
  const scroller = slot(root, 'div', 'is-scroller')
  const stage = slot(scroller, 'div', 'is-arc-stage')
    .style('width', `${layout.width}px`)
    .style('height', `${height}px`)
    .classed('is-focusing', focus !== null)
  const middle = (index: number): number => Math.round(elementAt(layout.lefts, index) + elementAt(layout.widths, index) / 2)
  drawLines(
    element,
    stage,
    data,
    options,
    {
      width: layout.width,
      height,
      key: `${layout.width} ${layout.above} ${layout.below} ${labels.join(' ')}`,
      path: (link) => {
        const ahead = link.column > link.row
        const rise = layout.flattened * (link.row === link.column ? shortest : arcHeight(middle(link.row) - middle(link.column)))
        return arcPath(middle(link.row), middle(link.column), ahead ? layout.above + tokenHeight : layout.above, ahead ? rise : -rise)
      },
    },
    focus,
    palette,
  )
  const partners = new Map<number, number>()
  if (focus !== null) {
    for (const link of links.drawn) if (isLit(link, focus)) partners.set(link.row === focus.index ? link.column : link.row, link.value)
  }
  drawTokenList(slot(stage, 'div', 'is-line').style('top', `${layout.above}px`), {
    name: options.words.summary,
    tokens: data.tokens,
    place: (index) => ({ left: elementAt(layout.lefts, index), top: 0, width: elementAt(layout.widths, index), height: tokenHeight }),
    layout: `${layout.width} ${labels.length}`,
    hot: focus?.index ?? null,
    chosen: options.selectedToken,
    beside: (index) => {
      const value = partners.get(index)
      return value === undefined || index === focus?.index ? null : { text: '', tint: tintOf(value, options, palette) }
    },
    dim: (index) => focus !== null && index !== focus.index && !partners.has(index),
    onLeave: (key) => key === 'ArrowUp' || key === 'ArrowDown',
    onPoint: (index) => pointAt(element, index === null ? null : { index, side: 'both' }, () => options.onHoverToken(index, 'query')),
    onChoose: (index) => options.onSelectToken(index, 'query'),
    across: true,
  })
  const sides = slot(root, 'p', 'is-arc-sides')
  slot(sides, 'span', 'is-arc-back').text(`↑ ${options.words.back}`)
  slot(sides, 'span', 'is-arc-ahead').text(`↓ ${options.words.ahead}`)
  drawLineFoot(root, data, options, links, focus, layout.width, palette)
  drawLineTable(root, data, options, links)
  keepDrawn(element, () => drawArcs(element, data, options))
}
