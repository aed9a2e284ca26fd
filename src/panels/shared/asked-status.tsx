// How something that is being found out stands, and what can be done about it.

import { useTranslation } from 'react-i18next'
import type { Asked } from '#state/app-state'
import { Button } from '#ui/button'

export interface AskedStatusProps {
  /** undefined before it was asked. */
  readonly status: Asked<unknown, unknown>['status'] | undefined
  /** While it runs. */
  readonly progress: string
  readonly onStop: () => void
  readonly onAgain: () => void
}

export function AskedStatus({ status, progress, onStop, onAgain }: AskedStatusProps) {
  const { t } = useTranslation()
  const running = status === 'running'
  return (
    <>
      <span role="status" className="note">
        {status === 'running' && progress}
        {status === 'stopped' && t('asked.stopped')}
      </span>
      {(running || status === 'stopped') && (
        // One button for both, so that the focus stays where it is.
        <Button look="quiet" icon={running ? 'close' : 'retry'} onPress={running ? onStop : onAgain}>
          {t(running ? 'asked.stop' : 'asked.again')}
        </Button>
      )}
    </>
  )
}
