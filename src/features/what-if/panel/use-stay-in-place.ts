import { useEffect, useRef } from 'react'

/** Long enough for an answer to be drawn, and over before anybody wonders. */
const HOLD_MS = 2000
/** The reader moves the page: then nothing else does. */
const MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const

/** Keeps an element where it is on the screen while the page above it grows. */
export function useStayInPlace(): (element: Element) => void {
  const release = useRef<(() => void) | null>(null)
  useEffect(() => () => release.current?.(), [])
  return (element) => {
    release.current?.()
    const { top } = element.getBoundingClientRect()
    const observer = new ResizeObserver(() => {
      if (element.isConnected) window.scrollBy({ top: element.getBoundingClientRect().top - top, behavior: 'instant' })
    })
    const end = (): void => {
      observer.disconnect()
      clearTimeout(timer)
      for (const move of MOVES) window.removeEventListener(move, end)
    }
    const timer = setTimeout(end, HOLD_MS)
    for (const move of MOVES) window.addEventListener(move, end, { passive: true })
    observer.observe(document.body)
    release.current = end
  }
}
