import { useTranslation } from 'react-i18next'
import type { FrameSide } from '#state/frame'
import { referenceOf } from '#state/reference'
import { useApp } from './app-context.tsx'

/** What a pane is called: A and B beside a second sentence, now and before where the same one was changed. */
export function usePaneName(): (side: FrameSide) => string {
  const { t } = useTranslation()
  const kind = useApp(({ settings, history }) => referenceOf(settings, history)?.kind ?? 'before')
  const a = kind === 'b' ? t('compare.paneA') : t('compare.paneNow')
  const b = t(`compare.paneReference.${kind}`)
  return (side) => {
    if (side === 'difference') return t('compare.titleDifference', { a, b })
    return side === 'a' ? a : b
  }
}
