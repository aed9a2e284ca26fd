import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'

/** What stands in place of a method's chart that has no values. @param row of the method among those on screen */
export function useEmptyText(row: number): string {
  const { t } = useTranslation()
  // Whatever is not running either failed, was stopped before it had a value, or waits: its line below says which.
  const isRunning = useApp(({ attributions, settings }) => {
    const method = settings.methods[row]
    return method !== undefined && [attributions.a, attributions.reference].some((side) => side[method]?.status === 'running')
  })
  return t(isRunning ? 'asked.running' : 'attribution.noValues')
}
