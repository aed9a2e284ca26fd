// The models: the one that is open, and every way to another. The dialog stays until the model that was chosen runs; why it does not
// is said at its foot.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelRef } from '#share/model-ref'
import { readChosen } from '#state/model/chosen-files'
import { Segmented } from '#ui/segmented'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'
import { DeviceForm } from './device-form.tsx'
import { HubForm } from './hub-form.tsx'
import './model-dialog.css'
import { ModelCardView } from './model-card.tsx'
import { ModelList } from './model-list.tsx'
import { OpenFiles } from './open-files.tsx'
import { OpeningLine } from './opening-line.tsx'

export interface ModelDialogProps {
  readonly onDone: () => void
}

export function ModelDialog({ onDone }: ModelDialogProps) {
  const { t } = useTranslation()
  const { actions, loader, loaderB, shelf } = useServices()
  const errorText = useErrorText()
  const model = useApp((state) => state.model)
  const opening = useApp((state) => state.opening)
  const files = useApp((state) => state.chosenFiles)
  const [slot, setSlot] = useState<'model' | 'modelB'>('model')
  const [picked, setPicked] = useState<string | null>(null)
  const { graphs } = readChosen(files)
  const graph = graphs.find((path) => path === picked) ?? graphs[0]
  const isOnScreen = useRef(true)
  useEffect(() => {
    isOnScreen.current = true
    return () => {
      isOnScreen.current = false
    }
  }, [])
  const choose = async (ref: ModelRef): Promise<void> => {
    shelf.allow(ref)
    const own = slot === 'model' ? loader : loaderB()
    if (own === null) actions.chooseModel(slot, ref)
    const isDone = own === null || (await own.open(ref))
    // It may have been closed while the model was on its way.
    if (isDone && isOnScreen.current) onDone()
  }
  const onChoose = (ref: ModelRef): void => void choose(ref)
  return (
    <div className="model-dialog">
      <div className="model-ways">
        <Segmented
          label={t('picker.openAs')}
          value={slot}
          options={[
            { value: 'model', text: t('picker.asModel') },
            { value: 'modelB', text: t('picker.asSecond') },
          ]}
          onChange={setSlot}
        />
        <p className="note">{t(slot === 'model' ? 'picker.keepsInputs' : 'picker.secondReads')}</p>
        <Way title={t('picker.embedded')}>
          <ModelList kind="embedded" onChoose={onChoose} />
        </Way>
        <ModelList kind="recent" onChoose={onChoose} />
        <Way title={t('picker.hub')}>
          <HubForm onChoose={onChoose} />
        </Way>
        <Way title={t('picker.device')}>
          <DeviceForm graph={graph} onPick={setPicked} />
        </Way>
      </div>
      <section className="model-about" aria-label={t('card.card')}>
        <h3>{t('card.card')}</h3>
        {model.status === 'ready' ? (
          <ModelCardView card={model.card} />
        ) : (
          <p className="note">{model.status === 'failed' ? errorText(model.error) : t('card.cardLater')}</p>
        )}
      </section>
      {(opening !== null || files.length > 0) && (
        <footer className="model-foot">
          {opening !== null && (
            <div className="model-opening">
              <OpeningLine opening={opening} />
            </div>
          )}
          <OpenFiles graph={graph} onChoose={onChoose} />
        </footer>
      )}
    </div>
  )
}

function Way({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="model-way" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}
