// The place of a chart in React: hands an element to a drawing function, again whenever data, options, size or theme change.

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Chart } from '#views/chart'
import { useApp } from './app-context.tsx'

export interface ChartHostProps<Data, Options> {
  readonly draw: Chart<Data, Options>
  readonly data: Data
  readonly options: Options
  readonly className?: string
  /** Gets the element, for export. */
  readonly elementRef?: RefObject<HTMLDivElement | null>
}

export function ChartHost<Data, Options>({ draw, data, options, className, elementRef }: ChartHostProps<Data, Options>) {
  const own = useRef<HTMLDivElement>(null)
  const element = elementRef ?? own
  const width = useWidth(element)
  const theme = useApp((state) => state.settings.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart measures its element and reads the theme's colours from it
  useLayoutEffect(() => {
    if (element.current) draw(element.current, data, options)
  }, [draw, data, options, width, theme, element])
  return <div ref={element} className={`chart-host ${className ?? ''}`} />
}

/** The element's width in whole pixels, followed. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.round(entry.contentRect.width))
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}
