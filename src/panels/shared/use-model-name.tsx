import { useTranslation } from 'react-i18next'
import type { ModelCard } from '#protocol/model-api'
import type { ModelState } from '#state/app-state'

const GREETING = 'minilm-sst2'

/** What the model is asked: a question of its own where the page has one, else that of its task. */
export function useModelQuestion(): (model: ModelState) => string {
  const { t } = useTranslation()
  return (model) => {
    const name = model.status === 'ready' ? model.card.name : model.ref.kind === 'embedded' ? model.ref.id : ''
    const general = model.status === 'ready' ? t(`model.asks.${isRegression(model.card) ? 'score' : model.card.task}`) : ''
    return t(`model.questions.${name}` as 'model.questions.minilm-sst2', { defaultValue: general })
  }
}

/** One label is no choice. */
function isRegression({ task, labels }: ModelCard): boolean {
  return task === 'classifier' && labels.length === 1
}

/** A model's name for readers: the embedded ones have a name in each language, others keep theirs. */
export function useModelName(): (name: string | null) => string {
  const { t } = useTranslation()
  return (name) => t(`model.names.${name ?? GREETING}` as 'model.names.minilm-sst2', { defaultValue: name ?? '' })
}
