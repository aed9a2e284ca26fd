// The place of a chart in React: hands an element to a drawing function, again whenever data or options change. Charts
// follow their own width and the theme.

import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { Chart } from '#views/chart'

export interface ChartHostProps<Data, Options> {
  readonly draw: Chart<Data, Options>
  readonly data: Data
  readonly options: Options
}

export function ChartHost<Data, Options>({ draw, data, options }: ChartHostProps<Data, Options>) {
  const element: RefObject<HTMLDivElement | null> = useRef(null)
  useLayoutEffect(() => {
    if (element.current) draw(element.current, data, options)
  }, [draw, data, options])
  return <div ref={element} className="chart-host" />
}
