// One line: what raises the output comes from the left, what lowers it from the right, and they meet at it. SHAP's force plot.

import { type ScaleLinear, scaleLinear } from 'd3'
import type { Chart } from '../kit/chart.ts'
import { cutLabel, labelWidth, showSpaces } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { chartRoot, type Slot } from '../kit/slot.ts'
import { axisHeight, drawValueAxis } from '../kit/value-axis.ts'
import { type ContributionOptions, type Contributions, forceSteps, type Step, spanOf } from './contributions.ts'
import { arrow, drawLevels, drawSteps, stepFont, stepsBody } from './steps.ts'

const thickness = 26
/** Middle of the arrows, below the names of output and base. */
const middle = 60
const bottom = middle + thickness / 2
const labelTop = bottom + 6
const labelLine = 18
const axisTop = labelTop + 2 * labelLine + 8
const head = 5
/** Arrows narrower than this bear no label. */
const narrowest = 9
/** Between labels. */
const room = 7
const margin = 10

/** Draws all parts as arrows on one line. */
export const drawForce: Chart<Contributions, ContributionOptions> = (element, data, options) => {
  const body = stepsBody(chartRoot(element, 'force'), data, options)
  if (body !== null) drawLine(element, body, data, options)
  keepDrawn(element, () => drawForce(element, data, options))
}

function drawLine(element: HTMLElement, body: Slot<HTMLDivElement>, data: Contributions, options: ContributionOptions): void {
  const steps = forceSteps(data)
  const { svg, groups } = drawSteps(element, body, data, steps, options, parts)
  const width = widthOf(element)
  const x = scaleLinear(options.span ?? spanOf(data, steps), [margin, width - margin])
  const places = placedLabels(steps, x, width)
  const lineOf = ({ key }: Step): number => places.get(key)?.line ?? 0
  const centre = ({ from, to }: Step): number => x((from + to) / 2)
  svg.attr('width', width).attr('height', axisTop + axisHeight)
  const part = <Kind extends SVGElement>(name: (typeof parts)[number][1]) => groups.select<Kind>(`.${name}`)
  part<SVGPathElement>('is-step-shape').attr('d', ({ from, to }) => arrow(x(from), x(to), middle, thickness, head, true))
  part<SVGLineElement>('is-step-link')
    .attr('display', (step) => (lineOf(step) > 0 ? null : 'none'))
    .attr('x1', centre)
    .attr('x2', centre)
    .attr('y1', bottom + 2)
    .attr('y2', (step) => labelTop + lineOf(step) * labelLine + 1)
  part<SVGTextElement>('is-step-label')
    .attr('text-anchor', 'middle')
    .attr('x', ({ key }) => places.get(key)?.at ?? 0)
    .attr('y', (step) => labelTop + lineOf(step) * labelLine + 12)
    .text(({ key }) => places.get(key)?.text ?? '')
  const { words, format } = options
  drawLevels(
    svg,
    [
      { name: 'is-output', text: `${words.output} ${format(data.output)}`, x: x(data.output), y: 13, from: 17, to: bottom + 3 },
      { name: 'is-base', text: `${words.base} ${format(data.base)}`, x: x(data.base), y: 33, from: 37, to: bottom + 3 },
    ],
    width,
  )
  drawValueAxis(svg, x, { top: axisTop, name: words.axis, width })
}

const parts = [
  ['path', 'is-step-shape'],
  ['line', 'is-step-link'],
  ['text', 'is-step-label'],
] as const

interface Place {
  readonly text: string
  readonly at: number
  readonly line: 0 | 1
}

/** Labels under arrows that are wide enough, widest first, on the first line where they touch no other; the rest have none. */
function placedLabels(steps: readonly Step[], x: ScaleLinear<number, number>, width: number): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const taken: { readonly line: number; readonly from: number; readonly to: number }[] = []
  const isFree = (line: number, from: number, to: number): boolean =>
    !taken.some((other) => other.line === line && from < other.to + room && to > other.from - room)
  const sizeOf = ({ from, to }: Step): number => Math.abs(x(to) - x(from))
  for (const step of steps.toSorted((one, other) => sizeOf(other) - sizeOf(one))) {
    if (sizeOf(step) < narrowest) break
    const text = cutLabel(showSpaces(step.label), width * 0.4, stepFont)
    const centre = x((step.from + step.to) / 2)
    const half = labelWidth(text, stepFont) / 2
    const at = Math.max(half, Math.min(width - half, centre))
    const line = isFree(0, at - half, at + half) ? 0 : isFree(1, at - half, at + half) && isFree(0, centre, centre) ? 1 : null
    if (line === null) continue
    // The line that leads to a lower label runs between the upper ones.
    if (line === 1) taken.push({ line: 0, from: centre, to: centre })
    taken.push({ line, from: at - half, to: at + half })
    places.set(step.key, { text, at, line })
  }
  return places
}
