// Thin bars beside the rows of a matrix: what each sends to tokens that are not among its columns.

import { labelWidth } from '../kit/labels.ts'
import type { Slot } from '../kit/slot.ts'
import type { Aside, MatrixView } from './matrix-view.ts'

/** Length of a bar of 1, CSS pixels. */
const longest = 40
const gap = 10
const thickest = 8
const font = 11

/** Room for the bars and their heading, CSS pixels. */
export function asideWidth(aside: Aside | null): number {
  return aside === null ? 0 : Math.ceil(gap + Math.max(longest, labelWidth(aside.label, font)) + 4)
}

/** Draws the bars, and their heading among the column labels; nothing where nothing is set aside. */
export function drawAside(
  svg: Slot<SVGSVGElement>,
  columnAxis: Slot<SVGSVGElement>,
  { aside = null, layout }: MatrixView,
  at: { readonly row: number } | null,
): void {
  columnAxis
    .selectAll('text.is-aside-label')
    .data(aside === null ? [] : [aside.label])
    .join('text')
    .attr('class', 'is-aside-label')
    .attr('x', layout.plotWidth + gap)
    .attr('y', layout.top - 4)
    .text((label) => label)
  svg
    .attr('hidden', aside === null ? '' : null)
    .attr('aria-hidden', 'true')
    .attr('width', aside === null ? 0 : longest + 2)
    .attr('height', layout.plotHeight)
    .style('margin-left', `${layout.plotWidth + gap}px`)
  const values = Array.from(aside?.values ?? [])
  const thick = Math.max(1, Math.min(thickest, layout.cellHeight * 0.4))
  const top = (row: number): number => (row + 0.5) * layout.cellHeight - thick / 2
  for (const [name, width] of [
    ['track', () => longest],
    ['bar', (value: number) => Math.min(1, Math.abs(value)) * longest],
  ] as const) {
    svg
      .selectAll<SVGRectElement, number>(`.is-aside-${name}`)
      .data(values)
      .join('rect')
      .attr('class', `is-aside-${name}`)
      .classed('is-negative', (value) => value < 0)
      .classed('is-hot', (_, row) => row === at?.row)
      .attr('y', (_, row) => top(row))
      .attr('width', (value) => (Number.isNaN(value) ? 0 : width(value)))
      .attr('height', thick)
      .attr('rx', thick / 2)
  }
}
