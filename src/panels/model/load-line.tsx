// How a model is coming along: bytes and time left, the stage it is at, a way to stop, a question, and a way on when it failed.

import { ProgressBar } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { LoadProgress } from '#protocol/model-api'
import type { ModelState } from '#state/app-state'
import { DEFAULT_MODEL, nameOfRef, sameModel } from '#state/model/model-names'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'
import { useFormat } from '../shared/use-format.tsx'
import './model.css'
import { useModelName } from '../shared/use-model-name.tsx'

export interface LoadLineProps {
  readonly slot: 'model' | 'modelB'
}

/** Nothing once the model is ready. */
export function LoadLine({ slot }: LoadLineProps) {
  const { t } = useTranslation()
  const services = useServices()
  const progressText = useProgressText()
  const model = useApp((state) => state[slot])
  const loader = slot === 'model' ? services.loader : services.loaderB()
  if (model === null || model.status === 'ready' || loader === null) return null
  if (model.status === 'loading') {
    return (
      <>
        <LoadProgressBar progress={model.progress} />
        <span className="load-text">{progressText(model.progress)}</span>
        <Button look="quiet" onPress={loader.cancel}>
          {t('model.cancel')}
        </Button>
      </>
    )
  }
  const own = sameModel(model.ref, DEFAULT_MODEL)
  const leave = (): void => services.actions.chooseModel(slot, slot === 'model' ? DEFAULT_MODEL : null)
  return (
    <>
      <StoppedText model={model} />
      {model.status === 'asking' ? (
        model.reason === 'foreign' && (
          <Button look="primary" icon="download" onPress={() => void loader.agree()}>
            {t('model.fetch')}
          </Button>
        )
      ) : (
        <Button look="primary" icon="retry" onPress={() => void loader.agree()}>
          {t('model.tryAgain')}
        </Button>
      )}
      {!own && (
        <Button look="quiet" onPress={leave}>
          {t(slot === 'model' ? 'model.back' : 'compare.removeModel')}
        </Button>
      )}
    </>
  )
}

function LoadProgressBar({ progress }: { readonly progress: LoadProgress | null }) {
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

/** Why the model is not there. */
function StoppedText({ model }: { readonly model: ModelState }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const modelName = useModelName()
  const hub = useApp((state) => state.shelf.hub)
  const name = modelName(nameOfRef(model.ref))
  const text =
    model.status === 'failed'
      ? errorText(model.error)
      : model.status === 'asking'
        ? t(`model.asking.${model.reason}`, { name, host: hostOf(hub) })
        : t('model.cancelled')
  return (
    <span className="load-text" role="alert">
      {text}
    </span>
  )
}

function hostOf(address: string): string {
  try {
    return new URL(address).host
  } catch {
    return address
  }
}

function useProgressText(): (progress: LoadProgress | null) => string {
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
