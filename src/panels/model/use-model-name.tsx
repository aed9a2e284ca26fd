import { useTranslation } from 'react-i18next'

const EMBEDDED = 'minilm-sst2'

/** What the model is asked, for readers who do not know it; empty for a model that says so by its labels alone. */
export function useModelQuestion(): (name: string | null) => string {
  const { t } = useTranslation()
  return (name) => t(`model.questions.${name ?? EMBEDDED}` as 'model.questions.minilm-sst2', { defaultValue: '' })
}

/** A model's name for readers: the embedded one has a name in each language, others keep theirs. */
export function useModelName(): (name: string | null) => string {
  const { t } = useTranslation()
  return (name) => t(`model.names.${name ?? EMBEDDED}` as 'model.names.minilm-sst2', { defaultValue: name ?? '' })
}
