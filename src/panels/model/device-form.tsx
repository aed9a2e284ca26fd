// A model from the reader's own files: chosen, or dropped on the page, several at once or a folder.

import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { ModelRef } from '#share/model-ref'
import { filesOfGraph, readChosen } from '#state/model/chosen-files'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useFormat } from '../shared/use-format.tsx'

export function DeviceForm({ onChoose }: { readonly onChoose: (ref: ModelRef) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions, shelf } = useServices()
  const files = useApp((state) => state.chosenFiles)
  const { graphs, missing, name } = readChosen(files)
  const [picked, setPicked] = useState<string | null>(null)
  const graph = graphs.find((path) => path === picked) ?? graphs[0]
  const add = (list: FileList | null): void => {
    actions.addFiles(Array.from(list ?? [], (file) => ({ path: file.webkitRelativePath || file.name, blob: file })))
  }
  const ready = graph !== undefined && !missing.includes('tokenizer')
  const open = (): void => {
    if (graph === undefined) return
    const ref = { kind: 'local', name, file: graph } as const
    shelf.keep(ref, filesOfGraph(files, graph))
    actions.removeFiles(files.map(({ path }) => path))
    onChoose(ref)
  }
  return (
    <div className="device-form">
      <div className="popover-row">
        <FileTrigger allowsMultiple onSelect={add}>
          <Button icon="plus">{t('picker.chooseFiles')}</Button>
        </FileTrigger>
        <FileTrigger acceptDirectory onSelect={add}>
          <Button icon="plus">{t('picker.chooseFolder')}</Button>
        </FileTrigger>
      </div>
      <p className="note">{t('picker.deviceNote')}</p>
      {files.length > 0 && (
        <>
          <ul className="chosen-files" aria-label={t('picker.chosen')}>
            {files.map(({ path, blob }) => (
              <li key={path}>
                {graphs.length > 1 && graphs.includes(path) && (
                  <input type="radio" name="chosen-graph" aria-label={path} checked={path === graph} onChange={() => setPicked(path)} />
                )}
                <code>{path}</code>
                <span className="hub-file-size">{format.bytes(blob.size)}</span>
                <Button look="quiet" icon="close" label={t('picker.removeFile', { path })} onPress={() => actions.removeFiles([path])} />
              </li>
            ))}
          </ul>
          <ul className="missing-files" role="status">
            {missing.map((what) => (
              <li key={what} className={what === 'config' ? 'note' : 'note note-warning'}>
                {t(`picker.missing.${what}`)}
              </li>
            ))}
          </ul>
          <Button look="primary" isDisabled={!ready} onPress={open}>
            {t('picker.openFiles')}
          </Button>
        </>
      )}
    </div>
  )
}
