// Two inputs on one axis: a dot for each, a line between them, and the difference beside it. One row a class.

import { scaleLinear } from 'd3'
import type { Chart, ChartWords } from '../kit/chart.ts'
import { cutLabel, labelWidth } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { chartRoot, type Slot, slot } from '../kit/slot.ts'
import { drawTable } from '../kit/table.ts'

export interface DotRow {
  readonly label: string
  /** Of A and of what it is compared with. */
  readonly a: number
  readonly b: number
  /** The row that matters: the class predicted for A. */
  readonly strong: boolean
  /** Below the difference, quietly; '' for nothing. */
  readonly detail: string
}

export interface DotsData {
  readonly rows: readonly DotRow[]
}

export interface DotsOptions {
  /** Values at the ends of the axis. */
  readonly domain: readonly [number, number]
  readonly unit: string
  readonly format: (value: number) => string
  /** Signed text of a - b. */
  readonly formatChange: (change: number) => string
  /** What the sides are called, and the difference. */
  readonly words: ChartWords<'summary' | 'a' | 'b' | 'difference'>
}

export interface DotsLayout {
  readonly label: number
  readonly left: number
  readonly right: number
  readonly change: number
}

const row = 30
const radius = 5
const font = 13
/** Beside a dot, and what is written there. */
const gap = 9
const valueWidth = 46

/** Columns of the rows in `width` CSS pixels: label, value, axis, value, difference of `changeWidth`. */
export function dotsLayout(longestLabel: number, changeWidth: number, width: number): DotsLayout {
  const label = Math.min(longestLabel, width * 0.3)
  const left = label + valueWidth + gap
  return { label, left, right: Math.max(left + 40, width - changeWidth - valueWidth - 2 * gap), change: width }
}

/** Draws one row for each class; values stand outside of their dots, so that they never meet. */
export const drawDots: Chart<DotsData, DotsOptions> = (element, data, options) => {
  const root = chartRoot(element, 'dots')
  const width = widthOf(element)
  const widest = (texts: readonly string[], size: number): number => Math.max(0, ...texts.map((text) => labelWidth(text, size)))
  const changes = data.rows.map(({ a, b }) => options.formatChange(a - b))
  const layout = dotsLayout(
    widest(
      data.rows.map(({ label }) => label),
      font,
    ),
    Math.max(
      widest(changes, font),
      widest(
        data.rows.map(({ detail }) => detail),
        11,
      ),
    ),
    width,
  )
  const x = scaleLinear(options.domain, [layout.left, layout.right]).clamp(true)
  const svg = slot(root, 'svg', 'is-dots-plot')
    .attr('width', width)
    .attr('height', row * data.rows.length)
    .attr('role', 'img')
    .attr('aria-label', sentence(data, options))
  const rows = svg
    .selectAll<SVGGElement, DotRow>('.is-dot-row')
    .data(data.rows)
    .join((enter) => {
      const group = enter.append('g').attr('class', 'is-dot-row')
      for (const [tag, name] of parts) group.append(tag).attr('class', name)
      return group
    })
    .attr('transform', (_, index) => `translate(0,${index * row + row / 2})`)
  const part = <Kind extends SVGElement>(name: string) => rows.select<Kind>(`.${name}`)
  part<SVGTextElement>('is-bar-label')
    .attr('dy', '0.35em')
    .classed('is-strong', ({ strong }) => strong)
    .text(({ label }) => cutLabel(label, layout.label + 1, font))
  part<SVGLineElement>('is-dot-axis').attr('x1', layout.left).attr('x2', layout.right)
  part<SVGLineElement>('is-dot-zero')
    .attr('display', options.domain[0] < 0 && options.domain[1] > 0 ? null : 'none')
    .attr('x1', x(0))
    .attr('x2', x(0))
    .attr('y1', -radius)
    .attr('y2', radius)
  part<SVGLineElement>('is-dot-line')
    .attr('x1', ({ a }) => x(a))
    .attr('x2', ({ b }) => x(b))
  part<SVGCircleElement>('is-dot-a')
    .attr('r', radius)
    .attr('cx', ({ a }) => x(a))
  part<SVGCircleElement>('is-dot-b')
    .attr('r', radius)
    .attr('cx', ({ b }) => x(b))
  const side = ({ a, b }: DotRow): -1 | 1 => (a <= b ? -1 : 1)
  part<SVGTextElement>('is-dot-value-a')
    .attr('dy', '0.35em')
    .attr('x', (it) => x(it.a) + side(it) * gap)
    .attr('text-anchor', (it) => (side(it) < 0 ? 'end' : 'start'))
    .text(({ a }) => options.format(a))
  part<SVGTextElement>('is-dot-value-b')
    .attr('dy', '0.35em')
    .attr('x', (it) => x(it.b) - side(it) * gap)
    .attr('text-anchor', (it) => (side(it) < 0 ? 'start' : 'end'))
    .text(({ b }) => options.format(b))
  part<SVGTextElement>('is-dot-change')
    .attr('dy', ({ detail }) => (detail === '' ? '0.35em' : '-0.1em'))
    .attr('x', layout.change)
    .text(({ a, b }) => options.formatChange(a - b))
  part<SVGTextElement>('is-dot-detail')
    .attr('dy', '1.05em')
    .attr('x', layout.change)
    .text(({ detail }) => detail)
  drawNote(slot(root, 'p', 'is-bars-note'), options)
  drawTable(root, {
    caption: options.words.summary,
    headings: ['', `${options.unit}, ${options.words.a}`, options.words.b, options.words.difference],
    rows: data.rows.map(({ label, a, b }) => [label, options.format(a), options.format(b), options.formatChange(a - b)]),
  })
  keepDrawn(element, () => drawDots(element, data, options))
}

/** The other's ring lies over A's dot: where they meet, both are seen. */
const parts = [
  ['text', 'is-bar-label'],
  ['line', 'is-dot-axis'],
  ['line', 'is-dot-zero'],
  ['line', 'is-dot-line'],
  ['circle', 'is-dot-a'],
  ['circle', 'is-dot-b'],
  ['text', 'is-dot-value-a'],
  ['text', 'is-dot-value-b'],
  ['text', 'is-dot-change'],
  ['text', 'is-dot-detail'],
] as const

function sentence({ rows }: DotsData, { words, format }: DotsOptions): string {
  return [words.summary, ...rows.map(({ label, a, b }) => `${label} ${words.a} ${format(a)}, ${words.b} ${format(b)}`)].join(', ')
}

function drawNote(note: Slot<HTMLParagraphElement>, { unit, words }: DotsOptions): void {
  slot(note, 'span', 'is-bars-unit').text(unit)
  for (const side of ['a', 'b'] as const) {
    const key = slot(note, 'span', `is-dots-key-${side}`)
    slot(key, 'span', 'is-dots-mark').classed(`is-${side}`, true)
    slot(key, 'span', 'is-dots-name').text(words[side])
  }
  slot(note, 'span', 'is-dots-difference').text(words.difference)
}
