// How a model is coming along that is to take the place of the running one, and why it did not where it failed.

import { useTranslation } from 'react-i18next'
import type { Opening } from '#state/app-state'
import { nameOfRef } from '#state/model/model-names'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'
import { useModelName } from '../shared/use-model-name.tsx'
import { LoadProgressBar, useProgressText } from './load-progress.tsx'
import './model.css'

/** Failures that may be for want of memory, which closing the running model gives back. */
const FOR_MEMORY = new Set(['session-failed', 'run-failed', 'engine-lost', 'unexpected'])

export function OpeningLine({ opening }: { readonly opening: Opening }) {
  const { t } = useTranslation()
  const services = useServices()
  const progressText = useProgressText()
  const errorText = useErrorText()
  const modelName = useModelName()
  const { slot, ref, brings } = opening
  const kept = useApp((state) => state[slot]?.ref ?? state.settings.model)
  const loader = slot === 'model' ? services.loader : services.loaderB()
  if (loader === null) return null
  const name = modelName(nameOfRef(ref))
  const begun = (alone: boolean): void => void (brings === 'model' ? loader.open(ref, alone) : loader.addGradients(alone))
  if (opening.status === 'loading') {
    return (
      <>
        <LoadProgressBar progress={opening.progress} />
        <span className="load-text">
          {t(brings === 'gradients' ? 'model.addingGradients' : 'model.opening', { name })} · {progressText(opening.progress)}
        </span>
        <Button look="quiet" onPress={loader.stopOpening}>
          {t('model.cancel')}
        </Button>
      </>
    )
  }
  const keptName = modelName(nameOfRef(kept))
  const canMakeRoom = !opening.alone && FOR_MEMORY.has(opening.error.kind)
  return (
    <>
      <span ref={takeLostFocus} className="load-text" role="alert" tabIndex={-1}>
        <strong>{t(brings === 'gradients' ? 'model.noGradients' : 'model.notOpened', { name })}</strong> {errorText(opening.error)}{' '}
        {t('model.stays', { name: keptName })}
      </span>
      <Button look={canMakeRoom ? 'plain' : 'primary'} icon="retry" onPress={() => begun(false)}>
        {t('model.tryAgain')}
      </Button>
      {canMakeRoom && (
        <Button look="primary" onPress={() => begun(true)}>
          {t(brings === 'gradients' ? 'model.alone' : 'model.closeFirst', { name: keptName })}
        </Button>
      )}
      <Button look="quiet" icon="close" label={t('model.dismiss')} onPress={loader.stopOpening} />
    </>
  )
}

/** The button that was pressed is disabled while a model is opened, and loses the focus: in a dialog nothing would hear the keyboard. */
function takeLostFocus(alert: HTMLElement | null): void {
  if (alert?.closest('[role="dialog"]') && document.activeElement === document.body) alert.focus()
}
