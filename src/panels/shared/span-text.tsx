import { useTranslation } from 'react-i18next'
import { probabilityOf, type SpanAnswer } from '#answers/span'
import type { AnswerProps } from './prediction-props.ts'
import { useFormat } from './use-format.tsx'

/** The likeliest span of the text, and how likely its ends are. */
export function SpanText({ prediction, answer }: AnswerProps<SpanAnswer>) {
  const { t } = useTranslation()
  const format = useFormat()
  const { tokens } = answer.row
  const [start, end] = prediction.span
  const divider = tokens.findLast(({ source }) => source === 'template')?.label
  const ends = {
    start: tokens[start]?.label ?? '',
    startProbability: format.percent(probabilityOf(prediction, 0, start)),
    end: tokens[end]?.label ?? '',
    endProbability: format.percent(probabilityOf(prediction, 1, end)),
  }
  return (
    <>
      <p>
        <strong>{prediction.text}</strong>
      </p>
      <p className="note">{t('prediction.spanEnds', ends)}</p>
      {divider !== undefined && <p className="note">{t('prediction.spanMeans', { divider })}</p>}
    </>
  )
}
