import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ATTRIBUTION_SIDES, attributionSlot } from '#state/attributions'

/** What stands in place of a method's chart that has no values. @param row of the method among those on screen */
export function useEmptyText(row: number): string {
  const { t } = useTranslation()
  // Whatever is not running either failed, was stopped before it had a value, or waits: its line below says which.
  const isRunning = useApp((state) => {
    const method = state.settings.methods[row]
    return method !== undefined && ATTRIBUTION_SIDES.some((side) => attributionSlot(side, method).of(state)?.status === 'running')
  })
  return t(isRunning ? 'asked.running' : 'attribution.noValues')
}
