import { useMemo } from 'react'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { attributionsOf } from '#state/attributions'
import type { Pane } from '#state/layout/panes'
import { attributionRows, type PaneRows } from './rows.ts'

/** The values of the methods on screen, pane by pane. */
export function useAttributionRows(panes: readonly Pane[]): readonly PaneRows[] {
  const { methods, unit } = useSettings('methods', 'unit')
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const attributions = useApp(attributionsOf)
  return useMemo(() => {
    const options = { byWord: unit !== 'token', answers: { a: answerA, reference: answerB } }
    return panes.map((pane) => ({ pane, rows: attributionRows(pane, methods, attributions, options) }))
  }, [panes, methods, attributions, unit, answerA, answerB])
}
