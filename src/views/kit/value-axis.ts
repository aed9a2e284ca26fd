// Axes of values under and beside a drawing: ticks, and what they measure.

import { axisBottom, axisLeft, type ScaleLinear } from 'd3'
import { labelWidth } from './labels.ts'
import { type Slot, slot } from './slot.ts'

export interface ValueAxis {
  /** CSS pixels from the top of the drawing to the line. */
  readonly top: number
  readonly name: string
  /** Of the whole drawing, in CSS pixels: the name stays inside. */
  readonly width: number
}

/** Height of the axis in CSS pixels. */
export const axisHeight = 44
const font = 11
/** Least CSS pixels from tick to tick. */
const tickRoom = 64

export function drawValueAxis<Parent extends Element>(
  parent: Slot<Parent>,
  x: ScaleLinear<number, number>,
  { top, name, width }: ValueAxis,
): void {
  const group = slot(parent, 'g', 'is-axis').attr('transform', `translate(0,${top})`).attr('aria-hidden', 'true')
  const [from = 0, to = 0] = x.range()
  slot(group, 'g', 'is-axis-ticks').call(
    axisBottom(x)
      .ticks(Math.max(2, Math.min(8, Math.floor((to - from) / tickRoom))))
      .tickSize(5)
      .tickSizeOuter(0),
  )
  const half = Math.min(width, labelWidth(name, font)) / 2
  slot(group, 'text', 'is-axis-name')
    .attr('x', Math.max(half, Math.min(width - half, (from + to) / 2)))
    .attr('y', 38)
    .attr('text-anchor', 'middle')
    .text(name)
}

/** The vertical one at the left; its name stands over it. */
export function drawValueAxisLeft<Parent extends Element>(
  parent: Slot<Parent>,
  y: ScaleLinear<number, number>,
  { left, name }: { readonly left: number; readonly name: string },
): void {
  const group = slot(parent, 'g', 'is-axis-left').attr('transform', `translate(${left},0)`).attr('aria-hidden', 'true')
  const [bottom = 0, top = 0] = y.range()
  slot(group, 'g', 'is-axis-ticks').call(
    axisLeft(y)
      .ticks(Math.max(2, Math.min(8, Math.floor((bottom - top) / tickRoom))))
      .tickSize(5)
      .tickSizeOuter(0),
  )
  slot(group, 'text', 'is-axis-name')
    .attr('x', -left)
    .attr('y', top - 10)
    .text(name)
}
