import { useMemo } from 'react'
import { useApp } from '#panels/shared/app-context.tsx'
import type { Pane } from '#state/layout/panes'
import { attributionRows, type PaneRows } from './rows.ts'

/** The values of the methods on screen, pane by pane. */
export function useAttributionRows(panes: readonly Pane[]): readonly PaneRows[] {
  const settings = useApp((state) => state.settings)
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const attributions = useApp((state) => state.attributions)
  const { methods, granularity } = settings
  return useMemo(() => {
    const options = { byWord: granularity === 'word', answers: { a: answerA, reference: answerB } }
    return panes.map((pane) => ({ pane, rows: attributionRows(pane, methods, attributions, options) }))
  }, [panes, methods, attributions, granularity, answerA, answerB])
}
