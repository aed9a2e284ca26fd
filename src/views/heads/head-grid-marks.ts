// What stands over the head grid: axis numbers, the selected cells and the one pointed at.

import { range } from 'd3'
import type { Slot } from '../kit/slot.ts'
import type { HeadGridData, HeadGridOptions } from './head-grid-data.ts'
import type { HeadGridLayout } from './head-grid-layout.ts'

interface Mark {
  readonly kind: 'selected-halo' | 'selected' | 'hovered-halo' | 'hovered'
  readonly index: number
}

interface Label {
  readonly key: string
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly hot: boolean
}

/** Draws labels and moves the marks; `at` is the cell pointed at. */
export function drawHeadMarks(
  svg: Slot<SVGSVGElement>,
  data: HeadGridData,
  layout: HeadGridLayout,
  options: HeadGridOptions,
  at: number | null,
): void {
  svg.attr('width', layout.width).attr('height', layout.height).attr('aria-hidden', 'true')
  svg
    .selectAll<SVGTextElement, Label>('text')
    .data(layout.matrix ? labelsOf(data, layout, options, at) : [], (label) => label.key)
    .join('text')
    .attr('class', 'is-grid-label')
    .classed('is-hot', (label) => label.hot)
    .attr('x', (label) => label.x)
    .attr('y', (label) => label.y)
    .attr('dy', '0.35em')
    .attr('text-anchor', (label) => label.anchor)
    .text((label) => label.text)
  svg
    .selectAll<SVGRectElement, Mark>('rect')
    .data(marksOf(data, options, at), (mark) => `${mark.kind} ${mark.kind.startsWith('hovered') ? '' : mark.index}`)
    .join('rect')
    .attr('class', (mark) => `is-${mark.kind}`)
    .attr('x', (mark) => layout.left + (mark.index % layout.columns) * layout.pitchX - 1)
    .attr('y', (mark) => layout.top + Math.floor(mark.index / layout.columns) * layout.pitchY - 1)
    .attr('width', layout.side + 2)
    .attr('height', layout.side + 2)
    .attr('rx', 2)
    .order()
}

function labelsOf(data: HeadGridData, layout: HeadGridLayout, options: HeadGridOptions, at: number | null): readonly Label[] {
  const row = at === null ? -1 : Math.floor(at / layout.columns)
  const column = at === null ? -1 : at % layout.columns
  return [
    { key: 'title', text: `${options.words.layer} ↓  ·  ${options.words.head} →`, x: 0, y: 8, anchor: 'start', hot: false },
    ...range(data.layers).map(
      (layer): Label => ({
        key: `layer ${layer}`,
        text: String(layer + 1),
        x: layout.left - 9,
        y: layout.top + layer * layout.pitchY + layout.side / 2,
        anchor: 'end',
        hot: layer === row,
      }),
    ),
    ...range(data.heads).map(
      (head): Label => ({
        key: `head ${head}`,
        text: String(head + 1),
        x: layout.left + head * layout.pitchX + layout.side / 2,
        y: layout.top - 11,
        anchor: 'middle',
        hot: head === column,
      }),
    ),
  ]
}

function marksOf(data: HeadGridData, options: HeadGridOptions, at: number | null): readonly Mark[] {
  const selected = new Set(options.selected.map((ref) => ref.layer * data.heads + ref.head))
  const marks = data.order.flatMap((ref, index): readonly Mark[] =>
    selected.has(ref.layer * data.heads + ref.head)
      ? [
          { kind: 'selected-halo', index },
          { kind: 'selected', index },
        ]
      : [],
  )
  return at === null ? marks : [...marks, { kind: 'hovered-halo', index: at }, { kind: 'hovered', index: at }]
}
