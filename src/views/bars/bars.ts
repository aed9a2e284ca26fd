// Bars on one axis: probabilities of the classes, logits. A tick marks the other input, with the change beside it.

import { scaleLinear } from 'd3'
import type { Chart, ChartWords } from '../kit/chart.ts'
import { cutLabel, labelWidth } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { chartRoot, type Slot, slot } from '../kit/slot.ts'
import { drawTable } from '../kit/table.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** The other input's value, drawn as a tick; null for none. */
  readonly reference: number | null
  /** The bar that matters: the predicted class. */
  readonly strong: boolean
}

export interface BarsData {
  readonly bars: readonly Bar[]
}

export interface BarsOptions {
  /** Values at the ends of the axis. */
  readonly domain: readonly [number, number]
  readonly unit: string
  readonly format: (value: number) => string
  /** Signed text of value - reference. */
  readonly formatChange: (change: number) => string
  readonly words: ChartWords<'summary' | 'reference'>
}

export interface BarsLayout {
  readonly label: number
  readonly left: number
  readonly right: number
  readonly value: number
  readonly change: number
}

const row = 32
const thickness = 10
const font = 13

/** Columns of the bars in `width` CSS pixels: label, track, value, change. */
export function barsLayout(longestLabel: number, changes: boolean, width: number): BarsLayout {
  const label = Math.min(longestLabel, width * 0.34)
  const change = changes ? 58 : 0
  const left = label + 14
  const right = Math.max(left + 40, width - change - 58)
  return { label, left, right, value: right + 52, change: width }
}

/** Draws one row for each bar. */
export const drawBars: Chart<BarsData, BarsOptions> = (element, data, options) => {
  const root = chartRoot(element, 'bars')
  const width = widthOf(element)
  const changes = data.bars.some((bar) => bar.reference !== null)
  const layout = barsLayout(Math.max(0, ...data.bars.map((bar) => labelWidth(bar.label, font))), changes, width)
  const x = scaleLinear(options.domain, [layout.left, layout.right]).clamp(true)
  const zero = x(Math.max(options.domain[0], Math.min(options.domain[1], 0)))
  const svg = slot(root, 'svg', 'is-bars-plot')
    .attr('width', width)
    .attr('height', row * data.bars.length)
    .attr('role', 'img')
    .attr('aria-label', sentence(data, options))
  const rows = svg
    .selectAll<SVGGElement, Bar>('.is-bar-row')
    .data(data.bars)
    .join((enter) => {
      const group = enter.append('g').attr('class', 'is-bar-row')
      for (const [tag, name] of parts) group.append(tag).attr('class', name)
      return group
    })
    .attr('transform', (_, index) => `translate(0,${index * row + row / 2})`)
  const part = <Kind extends SVGElement>(name: string) => rows.select<Kind>(`.${name}`)
  part<SVGTextElement>('is-bar-label')
    .attr('dy', '0.35em')
    .classed('is-strong', (bar) => bar.strong)
    .text((bar) => cutLabel(bar.label, layout.label + 1, font))
  part<SVGRectElement>('is-bar-track')
    .attr('x', layout.left)
    .attr('y', -thickness / 2)
    .attr('width', layout.right - layout.left)
    .attr('height', thickness)
    .attr('rx', thickness / 2)
  part<SVGRectElement>('is-bar')
    .classed('is-strong', (bar) => bar.strong)
    .attr('x', (bar) => Math.min(zero, x(bar.value)))
    .attr('y', -thickness / 2)
    .attr('width', (bar) => Math.max(1, Math.abs(x(bar.value) - zero)))
    .attr('height', thickness)
    .attr('rx', thickness / 2)
  part<SVGLineElement>('is-bar-zero')
    .attr('display', options.domain[0] < 0 && options.domain[1] > 0 ? null : 'none')
    .attr('x1', zero)
    .attr('x2', zero)
    .attr('y1', -thickness)
    .attr('y2', thickness)
  part<SVGLineElement>('is-bar-reference')
    .attr('display', (bar) => (bar.reference === null ? 'none' : null))
    .attr('x1', (bar) => x(bar.reference ?? 0))
    .attr('x2', (bar) => x(bar.reference ?? 0))
    .attr('y1', -thickness * 0.85)
    .attr('y2', thickness * 0.85)
  part<SVGTextElement>('is-bar-value')
    .attr('dy', '0.35em')
    .attr('x', layout.value)
    .attr('text-anchor', 'end')
    .text((bar) => options.format(bar.value))
  part<SVGTextElement>('is-bar-change')
    .attr('dy', '0.35em')
    .attr('x', layout.change)
    .attr('text-anchor', 'end')
    .text((bar) => (bar.reference === null ? '' : options.formatChange(bar.value - bar.reference)))
  drawNote(slot(root, 'p', 'is-bars-note'), options, changes)
  drawTable(root, {
    caption: options.words.summary,
    headings: ['', options.unit, ...(changes ? [options.words.reference] : [])],
    rows: data.bars.map((bar) => [
      bar.label,
      options.format(bar.value),
      ...(changes ? [bar.reference === null ? '' : options.format(bar.reference)] : []),
    ]),
  })
  keepDrawn(element, () => drawBars(element, data, options))
}

const parts = [
  ['text', 'is-bar-label'],
  ['rect', 'is-bar-track'],
  ['rect', 'is-bar'],
  ['line', 'is-bar-zero'],
  ['line', 'is-bar-reference'],
  ['text', 'is-bar-value'],
  ['text', 'is-bar-change'],
] as const

function sentence(data: BarsData, options: BarsOptions): string {
  return [options.words.summary, ...data.bars.map((bar) => `${bar.label} ${options.format(bar.value)}`)].join(', ')
}

function drawNote(note: Slot<HTMLParagraphElement>, options: BarsOptions, changes: boolean): void {
  slot(note, 'span', 'is-bars-unit').text(options.unit)
  const tick = slot(note, 'span', 'is-bars-tick').attr('hidden', changes ? null : '')
  slot(tick, 'span', 'is-bars-mark')
  slot(tick, 'span', 'is-bars-reference-name').text(options.words.reference)
}
