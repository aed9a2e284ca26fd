// The token whose lines are lit: the one pointed at in the chart, else the one that another view points at or selected.

import type { Palette } from '../kit/colour.ts'
import { redraw } from '../kit/live.ts'
import { type Focus, type LineOptions, strengthOf } from './lines.ts'

const pointed = new WeakMap<Element, Focus>()

/** The focus of a chart; `shared` is the token hovered or selected elsewhere. */
export function focusOf(element: Element, shared: number | null): Focus | null {
  return pointed.get(element) ?? (shared === null ? null : { index: shared, side: 'both' })
}

/** Moves the focus inside a chart, tells the page, and draws again. */
export function pointAt(element: HTMLElement, next: Focus | null, tell: () => void): void {
  const known = pointed.get(element)
  if (known?.index === next?.index && known?.side === next?.side) return
  if (next === null) pointed.delete(element)
  else pointed.set(element, next)
  tell()
  redraw(element)
}

/** Background of a token by the weight of its line: the colour of the line, thin. */
export function tintOf<Words extends string>(value: number, options: LineOptions<Words>, palette: Palette): string {
  const signed = value < 0 ? palette.difference[0] : palette.difference[2]
  const colour = options.scale.kind === 'difference' ? signed : palette.accent
  return `color-mix(in srgb, ${colour} ${Math.round(4 + 16 * strengthOf(value, options.scale))}%, transparent)`
}
