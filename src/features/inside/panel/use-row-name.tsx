// What the rows of a lens are called: what each layer leaves, from the embedding to the answer.

import { useTranslation } from 'react-i18next'

/** @returns of a layer, 0 for the embedding, of so many; short where it stands beside a row */
export function useRowName(): (layer: number, layers: number, isShort: boolean) => string {
  const { t } = useTranslation()
  return (layer, layers, isShort) => {
    if (layer === 0) return t('inside.embedding')
    if (layer === layers) return t('inside.answer')
    return isShort ? String(layer) : t('inside.afterLayer', { layer })
  }
}
