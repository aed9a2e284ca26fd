import { useTranslation } from 'react-i18next'
import type { ClassAnswer } from '#answers/classes'
import { ofToken, type TagAnswer, taggedToken } from '#answers/tags'
import { PredictionBars } from './prediction-bars.tsx'
import type { AnswerProps } from './prediction-props.ts'

/** The classes of the chosen token; without one, of the first token of the text. */
export function TagBars(props: AnswerProps<TagAnswer>) {
  const { t } = useTranslation()
  const { prediction, answer, selected } = props
  const { activation, labels, logits, probabilities } = prediction
  const token = taggedToken(answer.row, selected)
  const classes: ClassAnswer = {
    kind: 'classes',
    activation,
    labels,
    logits: ofToken(prediction, logits, token),
    probabilities: ofToken(prediction, probabilities, token),
  }
  return (
    <>
      <p className="prediction-where">{t('prediction.tagOf', { token: answer.row.tokens[token]?.label ?? '' })}</p>
      <PredictionBars {...props} prediction={classes} other={null} />
      <p className="note">{t('prediction.chooseTag')}</p>
    </>
  )
}
