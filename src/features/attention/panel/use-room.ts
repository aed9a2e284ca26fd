// The height that the window leaves below an element's top, so that a chart stands whole in the window.

import { type RefObject, useLayoutEffect, useState } from 'react'

/** The line of history, and the space around what stands above it. */
const BELOW = 44 + 20
/** A chart is not made smaller than this; then the page scrolls. */
const LEAST = 320
/** Changes below this are no reason to draw everything anew. */
const STEP = 8
/** On narrow or flat screens parts stand one under another, and the page scrolls. */
const SCROLLS = '(max-width: 760px), (max-height: 480px)'

/** CSS pixels from the element's top to the end of the window when the page is not scrolled; null where the page scrolls anyway. */
export function useRoom(element: RefObject<HTMLElement | null>): number | null {
  const [room, setRoom] = useState<number | null>(null)
  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return
    const narrow = matchMedia(SCROLLS)
    const measure = (): void => {
      const top = node.getBoundingClientRect().top + window.scrollY
      const left = narrow.matches ? null : Math.max(LEAST, Math.floor((window.innerHeight - top - BELOW) / STEP) * STEP)
      setRoom((before) => (before !== null && left !== null && Math.abs(before - left) < STEP ? before : left))
    }
    // In the next frame: a height that changes while heights are told is called an error.
    const observer = new ResizeObserver(() => requestAnimationFrame(measure))
    measure()
    for (const above of elementsAbove(node)) observer.observe(above)
    window.addEventListener('resize', measure)
    narrow.addEventListener('change', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
      narrow.removeEventListener('change', measure)
    }
  }, [element])
  return room
}

/** What moves an element when its height changes: what stands before it and before everything that it is in. */
function elementsAbove(node: Element): readonly Element[] {
  const above: Element[] = []
  for (let at: Element | null = node; at !== null && at !== document.body; at = at.parentElement) {
    for (let before = at.previousElementSibling; before !== null; before = before.previousElementSibling) above.push(before)
  }
  return above
}
