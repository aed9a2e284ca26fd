// What parts of the model and its tokens are called.

import { useTranslation } from 'react-i18next'
import type { ModelPart } from '#methods/intervention/activation-change'
import { useFormat } from '#panels/shared/use-format.tsx'

/** @returns head 3.4, attention 3, MLP 3 */
export function usePartName(): (part: ModelPart) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return ({ kind, layer, head }) => {
    if (kind === 'head' && head !== null) return format.head({ layer, head })
    return t(kind === 'mlp' ? 'intervene.mlpOf' : 'intervene.attentionOf', { layer: layer + 1 })
  }
}

export function samePart(one: ModelPart, other: ModelPart): boolean {
  return one.kind === other.kind && one.layer === other.layer && one.head === other.head
}
