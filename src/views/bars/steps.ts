// How steps from a base to an output are drawn, whichever way they are laid out: as options of a listbox, with both ends marked.

import type { Selection } from 'd3'
import { labelWidth, showSpaces } from '../kit/labels.ts'
import { hotOption, listOptions, type OptionList, optionId } from '../kit/option-list.ts'
import { drawReadout } from '../kit/readout.ts'
import { type Slot, slot } from '../kit/slot.ts'
import { drawTable } from '../kit/table.ts'
import { type ContributionOptions, type Contributions, hasSteps, type Step, stepWith } from './contributions.ts'

/** Of everything that is set along steps, in CSS pixels. */
export const stepFont = 12.5

/** The place for the drawing, or null where a sentence stands in it since there is nothing to draw yet. */
export function stepsBody(root: Slot<HTMLDivElement>, data: Contributions, options: ContributionOptions): Slot<HTMLDivElement> | null {
  const isKnown = hasSteps(data)
  slot(root, 'p', 'is-steps-empty')
    .attr('hidden', isKnown ? '' : null)
    .text(options.words.empty)
  const body = slot(root, 'div', 'is-steps-body').attr('hidden', isKnown ? null : '')
  return isKnown ? body : null
}

export interface StepsDrawing {
  readonly stage: Slot<HTMLDivElement>
  readonly svg: Slot<SVGSVGElement>
  readonly groups: Selection<SVGGElement, Step, SVGGElement, unknown>
}

/** A group for each step, which holds what `parts` name, in a drawing that listens. */
export function drawSteps(
  element: HTMLElement,
  body: Slot<HTMLDivElement>,
  data: Contributions,
  steps: readonly Step[],
  options: ContributionOptions,
  parts: readonly (readonly [tag: string, name: string])[],
): StepsDrawing {
  const list = optionsOf(steps, options)
  const hot = hotOption(element, list)
  const stage = slot(body, 'div', 'is-steps')
  const svg = slot(stage, 'svg', 'is-steps-plot').attr('role', 'presentation')
  slot(svg, 'g', 'is-levels').attr('aria-hidden', 'true')
  const groups = slot(svg, 'g', 'is-steps-rows')
    .attr('role', 'presentation')
    .selectAll<SVGGElement, Step>('.is-step')
    .data(steps, ({ key }) => key)
    .join((enter) => {
      const group = enter.append('g').attr('role', 'option')
      for (const [tag, name] of parts) group.append(tag).attr('class', name)
      return group
    })
    .order()
    .attr('id', (_, index) => optionId(stage, index))
    .attr('class', ({ kind, value }) => `is-step is-${kind} ${value < 0 ? 'is-down' : 'is-up'}`)
    .attr('aria-label', ({ label, value, error }) => `${showSpaces(label)} ${valueText(value, error, options)}`)
    .attr('aria-selected', ({ key }) => String(key === list.selected))
    .classed('is-chosen', ({ key }) => key === list.selected)
    .classed('is-hot', (_, index) => index === hot)
  listOptions(stage, element, list, options.words.summary)
  drawFoot(body, steps[hot], options)
  drawNumbers(body, data, options)
  return { stage, svg, groups }
}

/** Steps that are no token are walked and read, but are no token to choose. */
function optionsOf(steps: readonly Step[], { selected, hovered, onHover, onSelect }: ContributionOptions): OptionList {
  const tokenOf = (key: string | null): string | null => steps.find((step) => step.key === key && step.kind === 'token')?.key ?? null
  return {
    keys: steps.map(({ key }) => key),
    selected: stepWith(steps, selected),
    hovered: stepWith(steps, hovered),
    onHover: (key) => onHover(tokenOf(key)),
    onSelect: (key) => {
      const token = tokenOf(key)
      if (token !== null) onSelect(token)
    },
  }
}

export interface Level {
  readonly name: 'is-output' | 'is-base'
  readonly text: string
  /** CSS pixels: where it stands on the axis, where its name stands, and from where to where its line runs. */
  readonly x: number
  readonly y: number
  readonly from: number
  readonly to: number
}

/** Base and output: a line through the drawing, with its name inside `width`. */
export function drawLevels(svg: Slot<SVGSVGElement>, levels: readonly Level[], width: number): void {
  const group = slot(svg, 'g', 'is-levels')
  for (const { name, text, x, y, from, to } of levels) {
    const level = slot(group, 'g', name)
    const half = labelWidth(text, stepFont) / 2
    slot(level, 'line', 'is-level').attr('x1', x).attr('x2', x).attr('y1', from).attr('y2', to).attr('stroke-dasharray', '2 3')
    slot(level, 'text', 'is-level-name')
      .attr('x', Math.max(half, Math.min(width - half, x)))
      .attr('y', y)
      .attr('text-anchor', 'middle')
      .text(text)
  }
}

/** An arrow of `height` CSS pixels around `middle`, its head at most `head` long; with a `notch`, arrows in a row fit into each other. */
export function arrow(from: number, to: number, middle: number, height: number, head: number, notch = false): string {
  const tip = Math.sign(to - from) * Math.min(head, Math.abs(to - from) / 2)
  const [top, bottom] = [middle - height / 2, middle + height / 2]
  const number = (value: number): string => value.toFixed(1)
  const tail = notch ? `L${number(from + tip)},${number(middle)}` : ''
  return `M${number(from)},${number(top)}H${number(to - tip)}L${number(to)},${number(middle)}L${number(to - tip)},${number(bottom)}H${number(from)}${tail}Z`
}

function valueText(value: number, error: number, { format, formatSigned }: ContributionOptions): string {
  return Number.isNaN(error) ? formatSigned(value) : `${formatSigned(value)} ± ${format(error)}`
}

/** Under the drawing: the step that is pointed at, exactly, and what the two directions mean. */
function drawFoot(root: Slot<HTMLDivElement>, hot: Step | undefined, options: ContributionOptions): void {
  const foot = slot(root, 'div', 'is-foot')
  drawReadout(
    slot(foot, 'p', 'is-readout'),
    hot === undefined
      ? []
      : [
          { kind: hot.kind === 'token' ? 'token' : 'plain', text: hot.label.trim() },
          { kind: 'value', text: valueText(hot.value, hot.error, options) },
          { kind: 'quiet', text: `${options.format(hot.from)} → ${options.format(hot.to)}` },
        ],
  )
  const legend = slot(foot, 'div', 'is-legend')
  for (const [name, text] of [
    ['up', options.words.raises],
    ['down', options.words.lowers],
  ] as const) {
    const entry = slot(legend, 'span', `is-push-${name}`)
    slot(entry, 'span', 'is-push-mark').text(name === 'up' ? '▶' : '◀')
    slot(entry, 'span', 'is-push-text').text(text)
  }
}

/** All numbers, for screen readers. */
function drawNumbers(root: Slot<HTMLDivElement>, { base, output, parts }: Contributions, options: ContributionOptions): void {
  const { words, format, formatSigned } = options
  const hasErrors = parts.some(({ error }) => !Number.isNaN(error))
  const withError = (cells: readonly string[], error: number): readonly string[] =>
    hasErrors ? [...cells, Number.isNaN(error) ? '' : format(error)] : cells
  drawTable(root, {
    caption: words.summary,
    headings: [words.part, words.axis, ...(hasErrors ? [words.error] : [])],
    rows: [
      withError([words.base, format(base)], Number.NaN),
      ...parts.map(({ label, value, error }) => withError([showSpaces(label), formatSigned(value)], error)),
      withError([words.output, format(output)], Number.NaN),
    ],
  })
}
