// From the base at the bottom to the output at the top, a step a token, strongest at the top: SHAP's waterfall.

import { scaleLinear } from 'd3'
import type { Chart } from '../kit/chart.ts'
import { cutLabel, labelWidth, showSpaces } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { chartRoot, type Slot } from '../kit/slot.ts'
import { axisHeight, drawValueAxis } from '../kit/value-axis.ts'
import { type ContributionOptions, type Contributions, spanOf, waterfallSteps } from './contributions.ts'
import { arrow, drawLevels, drawSteps, stepFont, stepsBody } from './steps.ts'

export interface WaterfallOptions extends ContributionOptions {
  /** Steps of tokens at most; the weakest are collected in the last of them. */
  readonly most: number
}

const rowHeight = 28
const thickness = 16
const head = 7
/** For the words over the first step and under the last one. */
const margin = 24
/** As in the style sheet. */
const widest = 760
const gap = 6

/** Draws a row for each step. */
export const drawWaterfall: Chart<Contributions, WaterfallOptions> = (element, data, options) => {
  const body = stepsBody(chartRoot(element, 'waterfall'), data, options)
  if (body !== null) drawRows(element, body, data, options)
  keepDrawn(element, () => drawWaterfall(element, data, options))
}

function drawRows(element: HTMLElement, body: Slot<HTMLDivElement>, data: Contributions, options: WaterfallOptions): void {
  const steps = waterfallSteps(data, options.most, options.others)
  const { svg, groups } = drawSteps(element, body, data, steps, options, parts)
  const width = Math.min(widest, widthOf(element))
  const bottom = margin + steps.length * rowHeight
  const texts = steps.map(({ value }) => options.formatSigned(value))
  const room = (sign: 1 | -1): number =>
    gap + Math.max(0, ...steps.map(({ value }, at) => (value * sign > 0 ? labelWidth(texts[at] ?? '', stepFont) : 0)))
  const longest = Math.max(0, ...steps.map(({ label }) => labelWidth(showSpaces(label), stepFont)))
  const left = Math.min(longest, width * 0.34) + 12
  const x = scaleLinear(options.span ?? spanOf(data, steps), [left + room(-1), width - room(1) - 2])
  svg.attr('width', width).attr('height', bottom + margin + axisHeight)
  groups.attr('transform', (_, index) => `translate(0,${margin + index * rowHeight})`)
  const part = <Kind extends SVGElement>(name: (typeof parts)[number][1]) => groups.select<Kind>(`.${name}`)
  part<SVGRectElement>('is-step-back')
    .attr('x', 1)
    .attr('y', 1)
    .attr('width', width - 2)
    .attr('height', rowHeight - 2)
    .attr('rx', 5)
  part<SVGTextElement>('is-step-label')
    .attr('x', left - 8)
    .attr('y', rowHeight / 2)
    .attr('dy', '0.35em')
    .attr('text-anchor', 'end')
    .text(({ label }) => cutLabel(showSpaces(label), left - 11, stepFont))
  part<SVGLineElement>('is-step-link')
    .attr('display', (_, index) => (index === steps.length - 1 ? 'none' : null))
    .attr('x1', ({ from }) => x(from))
    .attr('x2', ({ from }) => x(from))
    .attr('y1', (rowHeight + thickness) / 2)
    .attr('y2', (rowHeight - thickness) / 2 + rowHeight)
  part<SVGPathElement>('is-step-shape').attr('d', ({ from, to }) => arrow(x(from), x(to), rowHeight / 2, thickness, head))
  part<SVGTextElement>('is-step-value')
    .attr('x', ({ to, value }) => x(to) + (value < 0 ? -gap : gap))
    .attr('y', rowHeight / 2)
    .attr('dy', '0.35em')
    .attr('text-anchor', ({ value }) => (value < 0 ? 'end' : 'start'))
    .text((_, index) => texts[index] ?? '')
  const { words, format } = options
  const line = { from: margin - 4, to: bottom + 4 }
  drawLevels(
    svg,
    [
      { name: 'is-output', text: `${words.output} ${format(data.output)}`, x: x(data.output), y: margin - 10, ...line },
      { name: 'is-base', text: `${words.base} ${format(data.base)}`, x: x(data.base), y: bottom + 17, ...line },
    ],
    width,
  )
  drawValueAxis(svg, x, { top: bottom + margin, name: words.axis, width })
}

const parts = [
  ['rect', 'is-step-back'],
  ['text', 'is-step-label'],
  ['line', 'is-step-link'],
  ['path', 'is-step-shape'],
  ['text', 'is-step-value'],
] as const
