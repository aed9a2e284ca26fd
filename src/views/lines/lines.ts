// Lines between tokens, for the flow and the arcs: which to draw, how strong, and what to light up. All lines form a base
// that is drawn once; the lines of the token in focus are few and drawn over it, so pointing never draws the base again.

import type { AxisToken, ChartWords, ColourScale } from '../kit/chart.ts'
import { colourOf, headColour, type Palette, rampOf } from '../kit/colour.ts'
import { type Link, type Links, linksOf } from '../kit/pairs.ts'
import { type Slot, slot } from '../kit/slot.ts'
import { drawTable } from '../kit/table.ts'

export interface LineHead {
  readonly key: string
  readonly label: string
  /** Index of the head's colour; null: the chart's one hue. */
  readonly colour: number | null
  /** [queries, keys] */
  readonly values: Float32Array
}

export interface LineData {
  /** Queries. */
  readonly tokens: readonly AxisToken[]
  readonly keys: readonly AxisToken[]
  readonly heads: readonly LineHead[]
}

export type LineSide = 'query' | 'key'

export interface LineOptions<Words extends string> {
  /** Weaker lines are not drawn. */
  readonly threshold: number
  readonly selectedToken: number | null
  readonly hoveredToken: number | null
  readonly scale: ColourScale
  /** CSS pixels for the whole chart; null, or left out, for as many as it takes. */
  readonly height?: number | null
  readonly words: ChartWords<'query' | 'key' | 'summary' | 'hidden' | Words> & {
    /** Unit of the values, for the legend and the table. */
    readonly unit?: string
    /** A remark for the legend, for instance that sinks are set aside. */
    readonly note?: string
    /** Heading of the heads in the table. */
    readonly head?: string
  }
  readonly format: (value: number) => string
  readonly onHoverToken: (index: number | null, side: LineSide) => void
  readonly onSelectToken: (index: number, side: LineSide) => void
}

/** The token whose lines are lit; `both` when another view chose it. */
export interface Focus {
  readonly index: number
  readonly side: LineSide | 'both'
}

/** How the lines of one chart run. */
export interface LineGeometry {
  readonly width: number
  readonly height: number
  /** Equal keys mean equal paths. */
  readonly key: string
  readonly path: (link: Link) => string
}

const mostLines = 4000
const mostSvgLines = 1500

interface LineState {
  inputs: readonly unknown[]
  links: Links
  base: string
}

const states = new WeakMap<Element, LineState>()

/** Lines to draw, found again only when heads or threshold change. */
export function linesOf(element: Element, data: LineData, threshold: number): Links {
  const state = states.get(element) ?? { inputs: [], links: { drawn: [], hidden: 0 }, base: '' }
  const inputs = [threshold, data.keys.length, ...data.heads.flatMap((head) => [head.key, head.values, head.colour])]
  const same = inputs.length === state.inputs.length && inputs.every((input, index) => input === state.inputs[index])
  if (!same) {
    state.inputs = inputs
    state.links = linksOf(
      data.heads.map((head) => head.values),
      data.keys.length,
      threshold,
      mostLines,
    )
    state.base = ''
  }
  states.set(element, state)
  return state.links
}

/** Whether a line belongs to the focus. */
export function isLit(link: Link, focus: Focus): boolean {
  return (focus.side !== 'key' && link.row === focus.index) || (focus.side !== 'query' && link.column === focus.index)
}

/** Share of the scale that a value reaches, 0..1. */
export function strengthOf(value: number, scale: ColourScale): number {
  return Math.min(1, Math.abs(value) / scale.max)
}

interface Stroke {
  readonly colour: string
  readonly width: number
  readonly opacity: number
}

/** A weaker line takes the colour of this share of the scale: it would be drawn and not seen. */
const weakest = 0.22

function strokeOf(link: Link, data: LineData, scale: ColourScale, palette: Palette, widest: number): Stroke {
  const strength = strengthOf(link.value, scale)
  const width = 0.75 + (widest - 0.75) * strength
  const head = data.heads[link.head]?.colour ?? null
  if (scale.kind === 'attention' && head !== null) return { colour: headColour(head, palette), width, opacity: 0.15 + 0.7 * strength }
  const seen = Math.sign(link.value) * Math.max(weakest, strength)
  return { colour: colourOf(seen, { kind: scale.kind, max: 1 }, rampOf(palette, scale.kind)), width, opacity: 0.9 }
}

/** Draws the base where it changed, and the lit lines over it. */
export function drawLines<Words extends string>(
  element: Element,
  stage: Slot<HTMLDivElement>,
  data: LineData,
  options: LineOptions<Words>,
  geometry: LineGeometry,
  focus: Focus | null,
  palette: Palette,
): void {
  const state = states.get(element)
  if (state === undefined) return
  const { drawn } = state.links
  const widest = drawn.length <= 200 ? 5 : drawn.length <= mostSvgLines ? 3.5 : 2
  const stroke = (link: Link): Stroke => strokeOf(link, data, options.scale, palette, widest)
  const raster = drawn.length > mostSvgLines
  const canvas = slot(stage, 'canvas', 'is-base')
    .attr('aria-hidden', 'true')
    .attr('hidden', raster ? null : '')
  const svg = slot(stage, 'svg', 'is-lines').attr('aria-hidden', 'true').attr('width', geometry.width).attr('height', geometry.height)
  const colours = `${palette.accent}${palette.difference.join()}${palette.heads.join()}`
  const base = [raster, geometry.key, options.scale.kind, options.scale.max, colours, window.devicePixelRatio].join(' ')
  if (state.base !== base) {
    state.base = base
    const node = canvas.node()
    if (raster && node !== null) paintLines(node, drawn, geometry, stroke)
    drawPaths(slot(svg, 'g', 'is-base'), raster ? [] : drawn, data, geometry, stroke)
  }
  drawPaths(slot(svg, 'g', 'is-lit'), focus === null ? [] : drawn.filter((link) => isLit(link, focus)), data, geometry, stroke)
}

function drawPaths(
  group: Slot<SVGGElement>,
  links: readonly Link[],
  data: LineData,
  geometry: LineGeometry,
  stroke: (link: Link) => Stroke,
): void {
  group
    .selectAll<SVGPathElement, Link>('path')
    .data(links, (link) => `${data.heads[link.head]?.key ?? ''} ${link.row} ${link.column}`)
    .join('path')
    .order()
    .each(function (link) {
      const { colour, width, opacity } = stroke(link)
      this.setAttribute('d', geometry.path(link))
      this.setAttribute('stroke', colour)
      this.setAttribute('stroke-width', width.toFixed(2))
      this.setAttribute('stroke-opacity', opacity.toFixed(2))
    })
}

/** Largest side of a canvas that browsers paint. */
const largestCanvas = 16_000

function paintLines(canvas: HTMLCanvasElement, links: readonly Link[], geometry: LineGeometry, stroke: (link: Link) => Stroke): void {
  const ratio = Math.min(window.devicePixelRatio, largestCanvas / Math.max(geometry.width, geometry.height))
  canvas.width = Math.round(geometry.width * ratio)
  canvas.height = Math.round(geometry.height * ratio)
  canvas.style.width = `${geometry.width}px`
  canvas.style.height = `${geometry.height}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  for (const link of links) {
    const { colour, width, opacity } = stroke(link)
    context.strokeStyle = colour
    context.lineWidth = width
    context.globalAlpha = opacity
    context.stroke(new Path2D(geometry.path(link)))
  }
}

/** For each token of a side, the strongest lit line's value; tokens without one are absent. */
export function litValues(links: readonly Link[], focus: Focus | null, side: LineSide): ReadonlyMap<number, number> {
  const values = new Map<number, number>()
  if (focus === null || focus.side === side) return values
  for (const link of links) {
    const [own, other] = side === 'key' ? [link.row, link.column] : [link.column, link.row]
    if (own === focus.index) values.set(other, link.value)
  }
  return values
}

const told = 3

/** The focus and its strongest partners, for the readout. */
export function partnersOf(links: readonly Link[], focus: Focus): { readonly side: LineSide; readonly partners: readonly Link[] } {
  const side = focus.side === 'both' ? 'query' : focus.side
  const own = links.filter((link) => (side === 'query' ? link.row : link.column) === focus.index)
  return { side, partners: own.slice(-told).reverse() }
}

const strongest = 10
const summarised = new WeakMap<Element, readonly [Links, string]>()

/** The ten strongest lines as a table for screen readers. */
export function drawLineTable<Words extends string>(
  root: Slot<HTMLDivElement>,
  data: LineData,
  options: LineOptions<Words>,
  links: Links,
): void {
  const node = root.node()
  // The same lines in another language are another table.
  const words = [options.words.summary, options.words.query, ...data.heads.map(({ label }) => label)].join()
  const known = node === null ? undefined : summarised.get(node)
  if (node === null || (known?.[0] === links && known[1] === words)) return
  summarised.set(node, [links, words])
  const rows = links.drawn
    .slice(-strongest)
    .reverse()
    .map((link) => [
      data.tokens[link.row]?.label ?? '',
      data.keys[link.column]?.label ?? '',
      options.format(link.value),
      data.heads[link.head]?.label ?? '',
    ])
  drawTable(root, {
    caption: options.words.summary,
    headings: [options.words.query, options.words.key, options.words.unit ?? '', options.words.head ?? ''],
    rows,
  })
}
