import { useTranslation } from 'react-i18next'
import { type EmbeddingAnswer, similarityOf } from '#answers/embedding'
import type { AnswerProps } from './prediction-props.ts'
import { useFormat } from './use-format.tsx'

/** How alike the inputs are. */
export function Similarity({ prediction, other }: AnswerProps<EmbeddingAnswer>) {
  const { t } = useTranslation()
  const format = useFormat()
  const similarity = other && similarityOf(prediction, other)
  return (
    <div className="similarity">
      {similarity === null ? (
        <p className="note">{t('prediction.noAnswer')}</p>
      ) : (
        <p>
          {t('prediction.similarity')} <strong>{format.weight(similarity)}</strong>
        </p>
      )}
      <p className="note">{t('prediction.similarityMeans')}</p>
    </div>
  )
}
