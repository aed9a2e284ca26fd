// What is done with the files that the reader chose: opened as a model, once nothing is missing; what is, is named beside the button.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireError } from '#protocol/messages'
import type { ModelRef } from '#share/model-ref'
import { filesOfGraph, readChosen } from '#state/model/chosen-files'
import { differsInContent } from '#state/model/model-names'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'

export interface OpenFilesProps {
  readonly graph: string | undefined
  readonly onChoose: (ref: ModelRef) => void
}

/** Nothing while no files are chosen. */
export function OpenFiles({ graph, onChoose }: OpenFilesProps) {
  const { t } = useTranslation()
  const { actions, shelf, store } = useServices()
  const errorText = useErrorText()
  const files = useApp((state) => state.chosenFiles)
  const { missing, name } = readChosen(files)
  const [isReading, setReading] = useState(false)
  const [error, setError] = useState<WireError | null>(null)
  if (files.length === 0) return null
  const lacks = missing.filter((what) => what !== 'config')
  const open = async (): Promise<void> => {
    if (graph === undefined) return
    setReading(true)
    setError(null)
    const kept = await shelf.keep({ name, file: graph }, filesOfGraph(files, graph))
    setReading(false)
    if ('message' in kept) return setError(kept)
    const { model, settings } = store.getState()
    // Asked for by a link, which says what they were.
    if (model.status === 'asking' && differsInContent(settings.model, kept)) actions.notify('other-files', { name })
    actions.removeFiles(files.map(({ path }) => path))
    onChoose(kept)
  }
  return (
    <div className="open-files">
      <p role="status" className={error !== null ? 'note note-error' : lacks.length > 0 ? 'note note-warning' : 'note'}>
        {error !== null
          ? errorText(error)
          : isReading
            ? t('model.stages.read')
            : missing.length > 0
              ? missing.map((what) => t(`picker.missing.${what}`)).join(' ')
              : t('picker.complete', { name })}
      </p>
      <Button look="primary" isDisabled={lacks.length > 0 || isReading} onPress={() => void open()}>
        {t('picker.openFiles')}
      </Button>
    </div>
  )
}
