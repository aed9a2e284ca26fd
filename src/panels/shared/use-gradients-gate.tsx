// Gradients are loaded when something on screen is made of them: a small model's at once, a large one's when the reader says so.

import { type ReactNode, useEffect } from 'react'
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
  const onRequest = wanted && card?.gradients === 'on-request'
  // A small model is loaded again in a moment: nobody need be asked.
  const small = onRequest && isSmallModel(card)
  useEffect(() => {
    if (small) loader.reloadWithGradients()
  }, [small, loader])
  if (!wanted || card === null) return null
  if (onRequest && !small) {
    return (
      <div className="empty-state">
        <p>{t('gradients.onRequest', { bytes: format.bytes(card.weights.bytes) })}</p>
        <Button look="primary" onPress={loader.reloadWithGradients}>
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
