// Charts are drawn again by the page when data change; a new width or theme reaches them here.

import { forgetPalettes } from './colour.ts'

interface Drawn {
  redraw: () => void
}

const drawn = new WeakMap<Element, Drawn>()
const widths = new WeakMap<Element, number>()
const themed = new Set<WeakRef<Element>>()

/**
 * Width to lay out in, CSS pixels; an element that is not shown yet gets a common one. The page is asked only once: asked
 * at every draw, among the writes of other charts, it would lay everything out each time. Later widths come by observer.
 */
export function widthOf(element: Element): number {
  const width = widths.get(element) ?? element.clientWidth
  widths.set(element, width)
  return width || 640
}

/** Remembers the newest way to draw `element`, and repeats it when its width or the page's theme changes. */
export function keepDrawn(element: Element, redraw: () => void): void {
  const known = drawn.get(element)
  if (known !== undefined) {
    known.redraw = redraw
    return
  }
  const entry: Drawn = { redraw }
  drawn.set(element, entry)
  const resized = (): void => {
    const width = element.clientWidth
    if (width === 0 || width === widths.get(element)) return
    widths.set(element, width)
    entry.redraw()
  }
  // What is drawn may change heights, which an observer is not told of in the same frame, and calls an error.
  new ResizeObserver(() => requestAnimationFrame(resized)).observe(element)
  if (themed.size === 0) watchTheme()
  themed.add(new WeakRef(element))
}

/** Repeats the newest draw of `element`, for changes inside the chart such as the keyboard's position. */
export function redraw(element: Element): void {
  drawn.get(element)?.redraw()
}

let watching = false

function watchTheme(): void {
  if (watching) return
  watching = true
  const attributes = { attributes: true, attributeOldValue: true, attributeFilter: ['data-theme', 'class'] }
  new MutationObserver((changes) => {
    // A page may write the same theme again and again: the first old value tells whether it has changed since.
    const before = new Map<string, string | null>()
    for (const { attributeName, oldValue } of changes.toReversed()) before.set(attributeName ?? '', oldValue)
    if (Array.from(before).some(([name, value]) => document.documentElement.getAttribute(name) !== value)) redrawAll()
  }).observe(document.documentElement, attributes)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll)
}

function redrawAll(): void {
  forgetPalettes()
  for (const reference of themed) {
    const element = reference.deref()
    if (element === undefined) themed.delete(reference)
    else redraw(element)
  }
}
