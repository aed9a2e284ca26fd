import { useEffect, useState } from 'react'
import type { Measure } from '#lessons/measure'
import { useApp, useService } from '#panels/shared/app-context.tsx'
import { MEASURE } from '../state/learn.ts'

export type Measured<Found> =
  | { readonly status: 'waiting' }
  | { readonly status: 'failed' }
  | { readonly status: 'found'; readonly found: Found }

const WAITING = { status: 'waiting' } as const

/** What a step finds in the running model, once `find` is there; asked again when another model runs. */
export function useMeasured<Found>(find: ((measure: Measure) => Promise<Found>) | null): Measured<Found> {
  const measure = useService(MEASURE)
  const isReady = useApp(({ model }) => model.status === 'ready')
  const generation = useApp(({ model }) => model.generation)
  const [measured, setMeasured] = useState<Measured<Found>>(WAITING)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another generation is another model
  useEffect(() => {
    setMeasured(WAITING)
    if (!find || !isReady) return
    let isWanted = true
    find(measure).then(
      (found) => isWanted && setMeasured({ status: 'found', found }),
      () => isWanted && setMeasured({ status: 'failed' }),
    )
    return () => {
      isWanted = false
    }
  }, [find, measure, isReady, generation])
  return measured
}
