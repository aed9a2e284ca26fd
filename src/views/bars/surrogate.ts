// Samples of a surrogate: what it says of each against what the model says. Where it is right, dots lie on the line.

import { extent, pointer, quadtree, type ScaleLinear, scaleLinear } from 'd3'
import type { Chart, ChartWords } from '../kit/chart.ts'
import { labelWidth } from '../kit/labels.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { hotOption, listOptions, type OptionList, optionId } from '../kit/option-list.ts'
import { drawReadout } from '../kit/readout.ts'
import { chartRoot, type Slot, slot } from '../kit/slot.ts'
import { axisHeight, drawValueAxis, drawValueAxisLeft } from '../kit/value-axis.ts'

/** A piece of the text. */
export interface SamplePiece {
  readonly text: string
  readonly away: boolean
  /** What stands in its place where it is away; left out where nothing does. */
  readonly instead?: string
}

export interface SurrogateSample {
  readonly key: string
  readonly pieces: readonly SamplePiece[]
  /** What the surrogate says, and what the model says. */
  readonly fitted: number
  readonly output: number
  /** 0..1: how much it counts in the fit. */
  readonly weight: number
}

export interface SurrogateData {
  /** In the order of the walk; the first one is the text itself. */
  readonly samples: readonly SurrogateSample[]
}

export interface SurrogateOptions {
  readonly selected: string | null
  readonly words: ChartWords<'summary' | 'fitted' | 'output' | 'weight' | 'itself' | 'nothing' | 'same'> & {
    /** Axes, with their unit. */
    readonly fittedAxis: string
    readonly outputAxis: string
  }
  readonly format: (value: number) => string
  readonly onHover: (key: string | null) => void
  readonly onSelect: (key: string) => void
}

const widest = 460
const top = 24
/** For half of the last number. */
const right = 16
/** Room for the numbers of the vertical axis. */
const left = 44
const radius = 4
const font = 11
/** Pointing further from a dot than this many CSS pixels points at none. */
const reach = 24

/** Draws a dot for each sample, the heavier the darker. */
export const drawSurrogate: Chart<SurrogateData, SurrogateOptions> = (element, data, options) => {
  const root = chartRoot(element, 'surrogate')
  const { samples } = data
  const layout = surrogateLayout(samples, Math.min(widest, widthOf(element)))
  const { width, at } = layout
  const stage = slot(root, 'div', 'is-dots').style('width', `${width}px`)
  const nearest = quadtree<SurrogateSample>()
    .x((sample) => at(sample)[0])
    .y((sample) => at(sample)[1])
    .addAll([...samples])
  const list: OptionList = {
    keys: samples.map(({ key }) => key),
    selected: options.selected,
    hovered: null,
    onHover: options.onHover,
    onSelect: options.onSelect,
    find: (event) => nearest.find(...pointer(event, stage.node()), reach)?.key ?? null,
  }
  const marked: Marked = {
    itself: samples[0],
    chosen: samples.find(({ key }) => key === options.selected),
    hot: samples[hotOption(element, list)],
  }
  const svg = slot(stage, 'svg', 'is-dots-plot')
    .attr('role', 'presentation')
    .attr('width', width)
    .attr('height', layout.bottom + axisHeight)
  drawFrame(svg, layout, options)
  slot(svg, 'g', 'is-dots-all')
    .attr('role', 'presentation')
    .selectAll<SVGCircleElement, SurrogateSample>('circle')
    .data(samples, ({ key }) => key)
    .join('circle')
    .order()
    .attr('role', 'option')
    .attr('class', 'is-dot')
    .attr('id', (_, index) => optionId(stage, index))
    .attr('aria-label', (sample) => nameOf(sample, options))
    .attr('aria-selected', ({ key }) => String(key === options.selected))
    .attr('cx', (sample) => at(sample)[0])
    .attr('cy', (sample) => at(sample)[1])
    .attr('r', radius)
    .attr('fill-opacity', ({ weight }) => opacityOf(weight).toFixed(2))
  drawMarks(svg, layout, marked, options.words.itself)
  listOptions(stage, element, list, options.words.summary)
  drawFoot(root, marked.hot ?? marked.chosen ?? marked.itself, options)
  keepDrawn(element, () => drawSurrogate(element, data, options))
}

interface Marked {
  readonly itself: SurrogateSample | undefined
  readonly chosen: SurrogateSample | undefined
  readonly hot: SurrogateSample | undefined
}

interface SurrogateLayout {
  readonly width: number
  readonly bottom: number
  readonly x: ScaleLinear<number, number>
  readonly y: ScaleLinear<number, number>
  readonly at: (sample: SurrogateSample) => readonly [number, number]
}

/** A square, whose sides are in one scale. */
function surrogateLayout(samples: readonly SurrogateSample[], width: number): SurrogateLayout {
  const [low = 0, high = 0] = extent(samples.flatMap(({ fitted, output }) => [fitted, output]))
  const bottom = top + width - left - right
  const x = scaleLinear(low < high ? [low, high] : [low - 1, high + 1], [left, width - right]).nice()
  const y = x.copy().range([bottom, top])
  return { width, bottom, x, y, at: ({ fitted, output }) => [x(fitted), y(output)] }
}

function opacityOf(weight: number): number {
  return 0.15 + 0.65 * weight
}

function drawFrame(svg: Slot<SVGSVGElement>, { width, bottom, x, y }: SurrogateLayout, { words }: SurrogateOptions): void {
  drawValueAxis(svg, x, { top: bottom, name: words.fittedAxis, width })
  drawValueAxisLeft(svg, y, { left, name: words.outputAxis })
  const [low = 0, high = 0] = x.domain()
  slot(svg, 'line', 'is-same').attr('x1', x(low)).attr('y1', y(low)).attr('x2', x(high)).attr('y2', y(high)).attr('stroke-dasharray', '4 4')
}

/** Rings around the text itself, which is named, the chosen sample and the one that is pointed at. */
function drawMarks(svg: Slot<SVGSVGElement>, { width, at }: SurrogateLayout, marked: Marked, itself: string): void {
  const marks = slot(svg, 'g', 'is-dot-marks').attr('aria-hidden', 'true')
  for (const name of ['itself', 'chosen', 'hot'] as const) {
    const sample = marked[name]
    const [cx, cy] = sample === undefined ? [0, 0] : at(sample)
    slot(marks, 'circle', `is-ring-${name}`)
      .attr('display', sample === undefined ? 'none' : null)
      .attr('cx', cx)
      .attr('cy', cy)
      .attr('r', radius + 2)
  }
  const [cx, cy] = marked.itself === undefined ? [0, 0] : at(marked.itself)
  const half = labelWidth(itself, font) / 2
  slot(marks, 'text', 'is-itself-name')
    .attr('display', marked.itself === undefined ? 'none' : null)
    .attr('x', Math.max(left + half, Math.min(width - half, cx)))
    .attr('y', cy < top + 16 ? cy + radius + 15 : cy - radius - 7)
    .attr('text-anchor', 'middle')
    .text(itself)
}

/** A sample's text as the model read it. */
export function sampleText({ pieces }: Pick<SurrogateSample, 'pieces'>): string {
  return pieces
    .map(({ text, away, instead = '' }) => (away ? instead : text))
    .join('')
    .trim()
}

/** What the model read, and the numbers of both models. */
function nameOf(sample: SurrogateSample, { words, format }: SurrogateOptions): string {
  const { fitted, output, weight } = sample
  const text = sampleText(sample) || words.nothing
  return `${text}; ${words.output} ${format(output)}, ${words.fitted} ${format(fitted)}, ${words.weight} ${format(weight)}`
}

function drawFoot(root: Slot<HTMLDivElement>, sample: SurrogateSample | undefined, options: SurrogateOptions): void {
  const { words, format } = options
  const foot = slot(root, 'div', 'is-sample')
  // The option's name says the same without what is struck through.
  slot(foot, 'p', 'is-sample-text')
    .attr('aria-hidden', 'true')
    .selectAll<HTMLElement, SamplePiece>('span')
    .data(sample?.pieces ?? [])
    .join('span')
    .attr('class', ({ away, instead }) => (away ? (instead === undefined ? 'is-away' : 'is-instead') : null))
    .attr('title', ({ text, away, instead }) => (away && instead !== undefined ? text.trim() : null))
    .text(({ text, away, instead = text }) => (away ? instead : text))
  const numbers =
    sample === undefined
      ? []
      : ([
          [words.output, sample.output],
          [words.fitted, sample.fitted],
          [words.weight, sample.weight],
        ] as const)
  drawReadout(
    slot(foot, 'p', 'is-readout'),
    numbers.flatMap(([name, value]) => [
      { kind: 'quiet' as const, text: name },
      { kind: 'value' as const, text: format(value) },
    ]),
  )
  const legend = slot(foot, 'p', 'is-legend')
  const entry = slot(legend, 'span', 'is-weights')
  slot(entry, 'span', 'is-weights-name').text(words.weight)
  slot(entry, 'span', 'is-weights-low').text('0')
  slot(entry, 'span', 'is-weights-dots')
    .selectAll('span')
    .data([0, 1 / 3, 2 / 3, 1])
    .join('span')
    .style('opacity', opacityOf)
  slot(entry, 'span', 'is-weights-high').text('1')
  const same = slot(legend, 'span', 'is-same-name')
  slot(same, 'span', 'is-same-mark').text('╌╌')
  slot(same, 'span', 'is-same-text').text(words.same)
}
