// Children that a chart creates once and finds again on every later draw.

import { type Selection, select } from 'd3'

export type Slot<Kind extends Element> = Selection<Kind, unknown, null, undefined>

type SvgTags = Pick<SVGElementTagNameMap, 'svg' | 'g' | 'text' | 'line' | 'path' | 'rect' | 'circle'>
type SlotTags = HTMLElementTagNameMap & SvgTags

/** The child of `parent` with this class, made on first use. Slots keep the order in which they were first asked for. */
export function slot<Parent extends Element, Tag extends keyof SlotTags>(
  parent: Slot<Parent>,
  tag: Tag,
  name: string,
): Slot<SlotTags[Tag]> {
  const found = parent.select<SlotTags[Tag]>(`:scope > .${name}`)
  return found.empty() ? parent.append<SlotTags[Tag]>(tag).attr('class', name) : found
}

/** Sets an attribute only where its value is another one: the browser takes each setting for a change, and many elements keep theirs. */
export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

/** The root of a chart inside the element that the page gives. */
export function chartRoot(element: HTMLElement, name: string): Slot<HTMLDivElement> {
  return slot(select<HTMLElement, unknown>(element), 'div', `is-${name}`).classed('is-chart', true)
}

/** Widest a chart's foot should be, as CSS: as wide as the drawing, with room for readout and legend beside each other. */
export function footWidth(drawing: number): string {
  return `${Math.max(460, Math.ceil(drawing))}px`
}

/** Height that a chart's foot takes at a width, CSS pixels: readout and legend beside each other, or one under the other. */
export function footHeight(width: number): number {
  return width >= 640 ? 40 : 66
}

let names = 0

/** A document-wide unique id for ARIA references, given once. */
export function idOf<Kind extends Element>(node: Slot<Kind>): string {
  const known = node.attr('id')
  if (known) return known
  names += 1
  const id = `is-${names}`
  node.attr('id', id)
  return id
}
