// How a model is coming along: bytes and time left, the stage it is at, a way to stop, a question, and a way on when it failed.

import { useTranslation } from 'react-i18next'
import type { ModelState } from '#state/app-state'
import { DEFAULT_MODEL, nameOfRef, sameModel } from '#state/model/model-names'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'
import { useModelName } from '../shared/use-model-name.tsx'
import { LoadProgressBar, useProgressText } from './load-progress.tsx'
import './model.css'

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
