// The tokens above rows of cells, once for all of them.

import type { AxisToken, Chart } from '../kit/chart.ts'
import { keepDrawn, widthOf } from '../kit/live.ts'
import { chartRoot, slot } from '../kit/slot.ts'
import { stripAxis, stripCell } from './strip-layout.ts'

export interface TokenAxisData {
  readonly tokens: readonly AxisToken[]
}

export interface TokenAxisOptions {
  readonly selectedToken: number | null
  readonly hoveredToken: number | null
  readonly onSelect: (token: number) => void
  readonly onHover: (token: number | null) => void
}

/** Draws the labels over the cells of `drawTokenStrip` in an element of the same width. */
export const drawTokenAxis: Chart<TokenAxisData, TokenAxisOptions> = (element, data, options) => {
  const { tokens } = data
  const cell = stripCell(widthOf(element), tokens.length)
  const { height, font, slanted, labels } = stripAxis(tokens, cell)
  const svg = slot(chartRoot(element, 'token-axis'), 'svg', 'is-strip-axis')
    .attr('width', cell * tokens.length)
    .attr('height', height)
    .style('font-size', `${font}px`)
    // The rows beneath say the same, with their values.
    .attr('aria-hidden', 'true')
  svg
    .selectAll<SVGTextElement, AxisToken>('text')
    .data(tokens)
    .join((enter) => enter.append('text').attr('dy', '0.35em'))
    .attr('text-anchor', slanted ? 'start' : 'middle')
    .attr('transform', (_, at) => `translate(${(at + 0.5) * cell},${height - (slanted ? 6 : 10)})${slanted ? 'rotate(-45)' : ''}`)
    .classed('is-special', ({ special }) => special)
    .classed('is-changed', ({ changed }) => changed)
    .classed('is-gap', ({ gap }) => gap)
    .classed('is-hot', (_, at) => at === options.hoveredToken)
    .classed('is-chosen', (_, at) => at === options.selectedToken)
    .text((_, at) => labels[at] ?? '')
    .on('click', (event: MouseEvent) => options.onSelect(indexOf(event)))
    .on('pointerenter', (event: PointerEvent) => options.onHover(indexOf(event)))
    .on('pointerleave', () => options.onHover(null))
  keepDrawn(element, () => drawTokenAxis(element, data, options))
}

function indexOf({ currentTarget }: Event): number {
  return currentTarget instanceof Element ? Array.from(currentTarget.parentElement?.children ?? []).indexOf(currentTarget) : -1
}
