// How the model is coming along: bytes and time left, the stage it is at, a way to stop, and a way on when it failed.

import { ProgressBar } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { LoadProgress } from '#protocol/engine-api'
import { Button } from '#ui/button'
import { useApp, useServices } from '../app-context.tsx'
import { useErrorText } from '../use-error-text.tsx'
import { useFormat } from '../use-format.tsx'
import './model.css'

export function LoadBar() {
  const { t } = useTranslation()
  const { loader } = useServices()
  const errorText = useErrorText()
  const progressText = useProgressText()
  const model = useApp((state) => state.model)
  if (model.status === 'ready') return null
  if (model.status === 'loading') {
    const { progress } = model
    const share = progress?.kind === 'download' && progress.total > 0 ? progress.received / progress.total : null
    return (
      <section className="load-bar" aria-label={t('model.label')}>
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
        <span className="load-text">{progressText(progress)}</span>
        <Button look="quiet" onPress={loader.cancel}>
          {t('model.cancel')}
        </Button>
      </section>
    )
  }
  return (
    <section className="load-bar is-stopped" aria-label={t('model.label')}>
      <span className="load-text" role="alert">
        {model.status === 'cancelled' ? t('model.cancelled') : errorText(model.error)}
      </span>
      <Button look="primary" icon="retry" onPress={() => void loader.load()}>
        {t('model.tryAgain')}
      </Button>
    </section>
  )
}

function useProgressText(): (progress: LoadProgress | null) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (progress) => {
    switch (progress?.kind) {
      case 'download': {
        const { received, total, secondsLeft, fromCache } = progress
        const bytes = t('model.progress', { received: format.bytes(received), total: format.bytes(total) })
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
