import { useTranslation } from 'react-i18next'
import type { TargetSpace } from '#catalogue/attribution-options'
import { indexOn } from '#state/layout/token-ref'
import { gradientSpace, TARGET_SETTINGS, targetChoices, targetLabel, targetOf } from '#state/target'
import { useApp, useSettings } from './app-context.tsx'
import { useFormat } from './use-format.tsx'

export interface TargetText {
  /** The class, or the token and where. */
  readonly text: string
  /** Without what it is compared with. */
  readonly alone: string
  /** Of its number, and of the number that attention is weighted by. */
  readonly space: TargetSpace
  readonly gradientSpace: TargetSpace
}

/** The target in the reader's words. */
export function useTargetText(): TargetText {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useSettings('token', ...TARGET_SETTINGS)
  const answer = useApp((state) => state.a.answer)
  const reference = useApp((state) => state.reference?.answer ?? null)
  const token = indexOn('a', settings.token)
  const target = answer && targetOf(settings, answer, token)
  if (!answer || !target) return { text: '', alone: '', space: 'score', gradientSpace: 'score' }
  const choices = targetChoices(settings, answer, token)
  const name = (index: number): string => format.label(targetLabel(choices, reference, index)?.trim() ?? `#${index}`)
  const alone = name(target.index)
  const text = target.foil === null ? alone : t('target.against', { target: alone, foil: name(target.foil) })
  return { text, alone, space: target.space, gradientSpace: gradientSpace(answer, target.space) }
}
