// Gradients are loaded when something on screen is made of them: a small model's at once, beside the session that goes on answering, a
// large one's when the reader says so.

import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isSmallModel } from '#state/model/model-names'
import { Button } from '#ui/button'
import { useApp, useServices } from './app-context.tsx'
import { useFormat } from './use-format.tsx'

/** What stands in the way of gradients, for the reader; null where nothing does. @param wanted whether they are on screen */
export function useGradientsGate(wanted: boolean): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { loader } = useServices()
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const opening = useApp((state) => state.opening)
  const isComing = opening?.slot === 'model' && opening.brings === 'gradients' && opening.status === 'loading'
  const onRequest = wanted && card?.gradients === 'on-request'
  // A small model is started again in a moment: nobody need be asked. What failed once is not tried again by itself.
  const begins = onRequest && opening === null && isSmallModel(card)
  const hasBegun = useRef(false)
  useLayoutEffect(() => {
    if (!begins || hasBegun.current) return
    hasBegun.current = true
    void loader.addGradients()
  }, [begins, loader])
  if (!wanted || card === null) return null
  if (isComing) {
    return (
      <p className="note" role="status">
        {t('gradients.coming')}
      </p>
    )
  }
  if (onRequest) {
    return (
      <div className="empty-state">
        {!isSmallModel(card) && <p>{t('gradients.onRequest', { bytes: format.bytes(card.weights.bytes) })}</p>}
        <Button look="primary" onPress={() => void loader.addGradients()}>
          {t('gradients.load')}
        </Button>
      </div>
    )
  }
  if (typeof card.gradients !== 'object') return null
  const { missing } = card.gradients
  return (
    <p className="empty-state">
      {missing.length === 0 ? t('gradients.notStarted') : t('gradients.impossible', { operators: missing.join(', ') })}
    </p>
  )
}
