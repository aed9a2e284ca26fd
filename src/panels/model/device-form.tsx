// A model from the reader's own files: chosen, or dropped on the page, several at once or a folder.

import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { readChosen } from '#state/model/chosen-files'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useFormat } from '../shared/use-format.tsx'

export interface DeviceFormProps {
  /** The graph that is to be opened, of several. */
  readonly graph: string | undefined
  readonly onPick: (graph: string) => void
}

export function DeviceForm({ graph, onPick }: DeviceFormProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const files = useApp((state) => state.chosenFiles)
  const { graphs } = readChosen(files)
  const choose = (list: FileList | null): void =>
    actions.chooseFiles(Array.from(list ?? [], (file) => ({ path: file.webkitRelativePath || file.name, blob: file })))
  return (
    <div className="device-form">
      <div className="popover-row">
        <FileTrigger allowsMultiple onSelect={choose}>
          <Button icon="plus">{t('picker.chooseFiles')}</Button>
        </FileTrigger>
        <FileTrigger acceptDirectory onSelect={choose}>
          <Button icon="plus">{t('picker.chooseFolder')}</Button>
        </FileTrigger>
      </div>
      <p className="note">{t('picker.deviceNote')}</p>
      {files.length > 0 && (
        <ul className="chosen-files" aria-label={t('picker.chosen')}>
          {files.map(({ path, blob }) => (
            <li key={path}>
              {graphs.length > 1 && graphs.includes(path) && (
                <input type="radio" name="chosen-graph" aria-label={path} checked={path === graph} onChange={() => onPick(path)} />
              )}
              <code>{path}</code>
              <span className="hub-file-size">{format.bytes(blob.size)}</span>
              <Button look="quiet" icon="close" label={t('picker.removeFile', { path })} onPress={() => actions.removeFiles([path])} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
