// What the colours mean: a bar from end to end with its unit, and a chip for every head's colour.

import { range } from 'd3'
import type { Chart, ColourScale } from './chart.ts'
import { headColour, type Palette, paletteOf, rampOf } from './colour.ts'
import { keepDrawn } from './live.ts'
import { chartRoot, slot } from './slot.ts'

export interface LegendData {
  /** Null: no colour bar. */
  readonly scale: ColourScale | null
  readonly heads: readonly { readonly label: string; readonly colour: number | null }[]
}

export interface LegendOptions {
  /** Unit of the values, for instance "attention". */
  readonly unit: string
  /** A remark on how colours were chosen, for instance that weak values are lifted; empty for none. */
  readonly note: string
  /** Exponent of the colour bar: 1 is linear; a thumbnail's gamma lifts weak values. */
  readonly gamma: number
  readonly format: (value: number) => string
}

const width = 132
const height = 8
const steps = 44

/** Draws a colour bar with end labels and unit, and chips for heads. */
export const drawLegend: Chart<LegendData, LegendOptions> = (element, data, options) => {
  paintLegend(element, data, options, paletteOf(element))
  keepDrawn(element, () => drawLegend(element, data, options))
}

/** The legend as a part of another chart, which has read the palette and draws again itself. */
export function paintLegend(element: HTMLElement, data: LegendData, options: LegendOptions, palette: Palette): void {
  const root = chartRoot(element, 'legend')
  const { scale } = data
  const bar = slot(root, 'div', 'is-legend-bar').attr('hidden', scale === null ? '' : null)
  slot(bar, 'span', 'is-legend-unit').text(options.unit)
  const low = slot(bar, 'span', 'is-legend-low')
  const svg = slot(bar, 'svg', 'is-legend-ramp').attr('width', width).attr('height', height).attr('aria-hidden', 'true')
  const high = slot(bar, 'span', 'is-legend-high')
  if (scale !== null) {
    const ramp = rampOf(palette, scale.kind)
    low.text(options.format(scale.kind === 'attention' ? 0 : -scale.max))
    high.text(options.format(scale.max))
    svg
      .selectAll('rect')
      .data(range(steps))
      .join('rect')
      .attr('x', (step) => (step * width) / steps)
      .attr('width', width / steps + 0.3)
      .attr('height', height)
      .attr('fill', (step) => ramp.css[Math.round(gammaStep(step / (steps - 1), options.gamma, scale.kind) * 255)] ?? 'none')
  }
  slot(root, 'span', 'is-legend-note')
    .attr('hidden', options.note === '' ? '' : null)
    .text(options.note)
  slot(root, 'div', 'is-legend-heads')
    .attr('hidden', data.heads.length === 0 ? '' : null)
    .selectAll<HTMLSpanElement, LegendData['heads'][number]>('.is-chip')
    .data(data.heads)
    .join((enter) => {
      const chip = enter.append('span').attr('class', 'is-chip')
      chip.append('span').attr('class', 'is-chip-dot')
      chip.append('span').attr('class', 'is-chip-label')
      return chip
    })
    .each(function (head) {
      const [dot, label] = this.children
      if (dot instanceof HTMLElement) dot.style.background = headColour(head.colour, palette)
      if (label !== undefined) label.textContent = head.label
    })
}

/** Place on the ramp (0..1) of a share (0..1) of the scale under a gamma; a diverging ramp bends from its middle. */
export function gammaStep(share: number, gamma: number, kind: ColourScale['kind']): number {
  if (kind === 'attention') return share ** gamma
  const signed = share * 2 - 1
  return (Math.sign(signed) * Math.abs(signed) ** gamma + 1) / 2
}
