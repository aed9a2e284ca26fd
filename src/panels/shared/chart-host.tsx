// The place of a chart in React: hands an element to a drawing function, again whenever data or the look of the options change.
// Charts follow their own width and the theme.

import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { Chart } from '#views/kit/chart'
import { sameLook } from './same-look.ts'
import './panes.css'

export interface ChartHostProps<Data, Options extends object> {
  readonly draw: Chart<Data, Options>
  /** Drawn again when it is another object. */
  readonly data: Data
  /** Drawn again when a value in it is another; functions may be made anew at every render. */
  readonly options: Options
}

export function ChartHost<Data, Options extends object>({ draw, data, options }: ChartHostProps<Data, Options>) {
  const element: RefObject<HTMLDivElement | null> = useRef(null)
  const drawn = useRef<ChartHostProps<Data, Options> | null>(null)
  useLayoutEffect(() => {
    if (!element.current) return
    const last = drawn.current
    if (last?.draw === draw && last.data === data && sameLook(last.options, options)) {
      // The chart on screen answers to the newest functions.
      Object.assign(last.options, options)
      return
    }
    const own = { ...options }
    drawn.current = { draw, data, options: own }
    draw(element.current, data, own)
  }, [draw, data, options])
  return <div ref={element} className="chart-host" />
}
