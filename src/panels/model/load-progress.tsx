import { ProgressBar } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { LoadProgress } from '#protocol/model-api'
import { useFormat } from '../shared/use-format.tsx'

/** The share of bytes that is there, or that something is going on. */
export function LoadProgressBar({ progress }: { readonly progress: LoadProgress | null }) {
  const { t } = useTranslation()
  const share = progress?.kind === 'download' && progress.total !== null && progress.total > 0 ? progress.received / progress.total : null
  return (
    <ProgressBar
      className="load-progress"
      aria-label={t('model.loading')}
      isIndeterminate={share === null}
      {...(share === null ? {} : { value: 100 * share })}
    >
      <div className="load-track">
        <div
          className={share === null ? 'load-fill is-indeterminate' : 'load-fill'}
          style={share === null ? {} : { width: `${100 * share}%` }}
        />
      </div>
    </ProgressBar>
  )
}

export function useProgressText(): (progress: LoadProgress | null) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (progress) => {
    switch (progress?.kind) {
      case 'download': {
        const { received, total, secondsLeft, fromCache } = progress
        const bytes =
          total === null ? format.bytes(received) : t('model.progress', { received: format.bytes(received), total: format.bytes(total) })
        const rest = fromCache
          ? t('model.fromCache')
          : secondsLeft === null
            ? null
            : t('model.secondsLeft', { count: Math.max(1, Math.round(secondsLeft)) })
        return [t('model.loading'), bytes, rest].filter((part) => part !== null).join(' · ')
      }
      case 'retry':
        return t('model.retry', { attempt: progress.attempt, seconds: Math.ceil(progress.waitMs / 1000) })
      case 'stage':
        return t(`model.stages.${progress.stage}`)
      default:
        return t('model.loading')
    }
  }
}
