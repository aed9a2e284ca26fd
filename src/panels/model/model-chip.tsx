import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loadWords, MODELS_DIALOG_WORDS } from '#i18n/i18n'
import { nameOfRef } from '#state/model/model-names'
import { DialogButton } from '#ui/dialog-button'
import { useApp } from '../shared/app-context.tsx'
import { useModelName } from '../shared/use-model-name.tsx'

/** Not before it is opened: the first view does without its code. */
const ModelDialog = lazy(async () => {
  const [{ ModelDialog: dialog }] = await Promise.all([import('./model-dialog.tsx'), loadWords(MODELS_DIALOG_WORDS)])
  return { default: dialog }
})

/** Name and state of the model; opens its card and the choice of others. */
export function ModelChip() {
  const { t } = useTranslation()
  const model = useApp((state) => state.model)
  const precomputed = useApp((app) => app.a.answer?.precomputed ?? false)
  const modelName = useModelName()
  const chosen = useApp((state) => state.chosenFiles.length)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    // Files were dropped on the page: here is where they are opened.
    if (chosen > 0) setOpen(true)
  }, [chosen])
  const state =
    model.status === 'ready'
      ? t('model.ready')
      : model.status === 'loading'
        ? t('model.loading')
        : t(precomputed ? 'model.precomputed' : 'model.notLoaded')
  return (
    <DialogButton
      title={t('model.dialog')}
      closeLabel={t('model.close')}
      isOpen={open}
      onOpenChange={setOpen}
      icon="chip"
      text={
        <span className="model-chip">
          <span className={`status-dot is-${model.status}`} aria-hidden="true" />
          <span className="model-name">{modelName(model.status === 'ready' ? model.card.name : nameOfRef(model.ref))}</span>
          <span className="model-state">{state}</span>
        </span>
      }
    >
      <Suspense fallback={<p className="note">…</p>}>
        <ModelDialog onDone={() => setOpen(false)} />
      </Suspense>
    </DialogButton>
  )
}
