// What stands over the head grid: axis numbers, the selected cells and the one pointed at.

import { range } from 'd3'
import type { Slot } from '../kit/slot.ts'
import type { HeadGridData, HeadGridOptions } from './head-grid-data.ts'
import { type HeadGridLayout, placeOf } from './head-grid-layout.ts'

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
    .attr('x', (mark) => placeOf(mark.index, layout).x - 1)
    .attr('y', (mark) => placeOf(mark.index, layout).y - 1)
    .attr('width', layout.side + 2)
    .attr('height', layout.side + 2)
    .attr('rx', 2)
    .order()
}

/** Numbers closer than this would touch, CSS pixels. */
const leastApart = 15

function labelsOf(data: HeadGridData, layout: HeadGridLayout, options: HeadGridOptions, at: number | null): readonly Label[] {
  const { heads, layers } = data
  const [hotLayer, hotHead] = at === null ? [-1, -1] : [Math.floor(at / heads), at % heads]
  const across = layout.layersAcross
  const { layer: ofLayers, head: ofHeads } = options.words
  const isShown = (number: number, hot: number): boolean => layout.pitchX >= leastApart || number === hot || number % 2 === 0
  // Over the first row of each fold, and left of each fold's first column.
  const folds = range(layout.folds)
  const label = (key: string, number: number, index: number, isAbove: boolean, isHot: boolean): Label => {
    const { x, y } = placeOf(index, layout)
    const text = String(number + 1)
    return isAbove
      ? { key, text, x: x + layout.side / 2, y: layout.top - 11, anchor: 'middle', hot: isHot }
      : { key, text, x: x - 9, y: y + layout.side / 2, anchor: 'end', hot: isHot }
  }
  return [
    {
      key: 'title',
      text: across ? `${ofHeads} ↓  ·  ${ofLayers} →` : `${ofLayers} ↓  ·  ${ofHeads} →`,
      x: 0,
      y: 7,
      anchor: 'start',
      hot: false,
    },
    ...range(layers)
      .filter((layer) => !across || isShown(layer, hotLayer))
      .map((layer) => label(`layer ${layer}`, layer, layer * heads, across, layer === hotLayer)),
    ...folds.flatMap((fold) =>
      range(heads)
        .filter((head) => across || isShown(head, hotHead))
        .map((head) => label(`head ${head} ${fold}`, head, fold * layout.perFold * heads + head, !across, head === hotHead)),
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
