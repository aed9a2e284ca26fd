import { useTranslation } from 'react-i18next'
import { rivalOf } from '#answers/rival'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { Settings } from '#share/settings'
import { indexOn } from '#state/layout/token-ref'
import { TARGET_SETTINGS, targetChoices, targetOf } from '#state/target'

/** What a search is for, in words: the target falls behind the contrast, or behind any other answer; or its probability is halved. */
export function useGoalText(): (goal: Settings['counterfactualGoal']) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const settings = useSettings('token', ...TARGET_SETTINGS)
  const answer = useApp((state) => state.a.answer)
  const token = indexOn('a', settings.token)
  const asked = answer && targetOf(settings, answer, token)
  if (!answer || !asked) return () => '…'
  const choices = targetChoices(settings, answer, token)
  const name = (index: number): string => format.label(choices.find((choice) => choice.index === index)?.label.trim() ?? `#${index}`)
  const rival = rivalOf(answer.prediction, asked)
  const target = name(asked.index)
  return (goal) => {
    if (goal === 'halve') return t('whatIf.goals.halve', { target })
    return rival === null ? t('whatIf.goals.flip', { target }) : t('whatIf.goals.behind', { target, rival: name(rival) })
  }
}
