import { useTranslation } from 'react-i18next'
import type { ModelRef } from '#share/model-ref'
import type { FrameSide } from '#state/layout/frame'
import { nameOfRef } from '#state/model/model-names'
import { referenceOf } from '#state/reference'
import { useApp } from './app-context.tsx'
import { useModelName } from './use-model-name.tsx'

/** What a pane is called: A and B beside a second sentence, the models' names beside a second model, now and before where the same one was changed. */
export function usePaneName(): (side: FrameSide) => string {
  const { t } = useTranslation()
  const kind = useApp(({ settings, history }) => referenceOf(settings, history)?.kind ?? 'before')
  const model = useApp((state) => state.settings.model)
  const modelB = useApp((state) => state.settings.modelB)
  const modelName = useModelName()
  const nameOf = (ref: ModelRef | null): string => (ref === null ? '' : modelName(nameOfRef(ref)).replace(/^.*\//, ''))
  const a = kind === 'b' ? t('compare.paneA') : kind === 'model' ? nameOf(model) : t('compare.paneNow')
  const b = kind === 'model' ? nameOf(modelB) : t(`compare.paneReference.${kind}`)
  return (side) => {
    if (side === 'difference') return t('compare.titleDifference', { a, b })
    return side === 'a' ? a : b
  }
}
