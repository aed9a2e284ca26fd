// The models: the one that is open, and every way to another.

import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelRef } from '#share/model-ref'
import { sameModel } from '#state/model/model-names'
import { Segmented } from '#ui/segmented'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useErrorText } from '../shared/use-error-text.tsx'
import { DeviceForm } from './device-form.tsx'
import { HubForm } from './hub-form.tsx'
import './model-dialog.css'
import { ModelCardView } from './model-card.tsx'
import { ModelList } from './model-list.tsx'

export interface ModelDialogProps {
  readonly onDone: () => void
}

export function ModelDialog({ onDone }: ModelDialogProps) {
  const { t } = useTranslation()
  const { actions, loader, shelf, store } = useServices()
  const errorText = useErrorText()
  const model = useApp((state) => state.model)
  const [slot, setSlot] = useState<'model' | 'modelB'>('model')
  const choose = (ref: ModelRef): void => {
    shelf.allow(ref)
    const again = slot === 'model' && sameModel(store.getState().settings.model, ref)
    if (again && model.status !== 'ready') void loader.agree()
    else actions.chooseModel(slot, ref)
    onDone()
  }
  return (
    <div className="model-dialog">
      <div className="model-ways">
        <div className="popover-row">
          <span className="ui-label">{t('picker.openAs')}</span>
          <Segmented
            label={t('picker.openAs')}
            value={slot}
            options={[
              { value: 'model', text: t('picker.asModel') },
              { value: 'modelB', text: t('picker.asSecond') },
            ]}
            onChange={setSlot}
          />
        </div>
        <p className="note">{t(slot === 'model' ? 'picker.keepsInputs' : 'picker.secondReads')}</p>
        <Way title={t('picker.embedded')}>
          <ModelList kind="embedded" onChoose={choose} />
        </Way>
        <ModelList kind="recent" onChoose={choose} />
        <Way title={t('picker.hub')}>
          <HubForm onChoose={choose} />
        </Way>
        <Way title={t('picker.device')}>
          <DeviceForm onChoose={choose} />
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
