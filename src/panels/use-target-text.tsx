import { useTranslation } from 'react-i18next'
import type { TargetSpace } from '#methods/attribution'
import { targetChoices, targetOf } from '#state/attribution-target'
import { indexOn } from '#state/token-ref'
import { useApp } from './app-context.tsx'
import { useFormat } from './use-format.tsx'

/** The target in the reader's words: the class, or the token and where; and the space of its number. */
export function useTargetText(): { readonly text: string; readonly space: TargetSpace } {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useApp((state) => state.settings)
  const answer = useApp((state) => state.a.answer)
  const token = indexOn('a', settings.token)
  const target = answer && targetOf(settings, answer, token)
  if (!answer || !target) return { text: '', space: 'score' }
  const choices = targetChoices(settings, answer, token)
  const name = (index: number): string => format.label(choices.find((choice) => choice.index === index)?.label.trim() ?? `#${index}`)
  const text = target.foil === null ? name(target.index) : t('attribution.against', { target: name(target.index), foil: name(target.foil) })
  return { text, space: target.space }
}
