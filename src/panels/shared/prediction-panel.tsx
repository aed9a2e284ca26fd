// What the model answers on one side, in the form that its task has.

import { useTranslation } from 'react-i18next'
import type { ClassAnswer, TagAnswer } from '#protocol/prediction'
import type { SideAnswer } from '#state/app-state'
import { similarityOf } from '#state/similarity'
import { PredictionBars } from './prediction-bars.tsx'
import type { PredictionProps } from './prediction-props.ts'
import { TokenCandidates } from './token-candidates.tsx'
import { useFormat } from './use-format.tsx'
import './prediction.css'

export function PredictionPanel(props: PredictionProps) {
  const { name, answer, reference, selected } = props
  const { prediction } = answer
  switch (prediction.kind) {
    case 'classes': {
      const other = reference?.prediction
      return (
        <PredictionBars
          name={name}
          prediction={prediction}
          reference={other?.kind === 'classes' && sameLabels(prediction, other) ? other : null}
        />
      )
    }
    case 'tags':
      return <TagBars name={name} prediction={prediction} answer={answer} selected={selected} />
    case 'tokens':
      return <TokenCandidates {...props} prediction={prediction} />
    case 'embedding':
      return <Similarity answer={answer} reference={reference} />
  }
}

function sameLabels(one: ClassAnswer, other: ClassAnswer): boolean {
  return one.labels.length === other.labels.length && one.labels.every((label, i) => label === other.labels[i])
}

interface TagBarsProps {
  readonly name: string
  readonly prediction: TagAnswer
  readonly answer: SideAnswer
  readonly selected: number | null
}

/** The classes of the chosen token; without one, of the first token of the text. */
function TagBars({ name, prediction, answer, selected }: TagBarsProps) {
  const { t } = useTranslation()
  const { tokens } = answer.row
  const token =
    selected ??
    Math.max(
      0,
      tokens.findIndex(({ source }) => source !== 'template'),
    )
  const row = (values: Float32Array): Float32Array =>
    values.subarray(token * prediction.labels.length, (token + 1) * prediction.labels.length)
  const { labels, logits, probabilities } = prediction
  const classes: ClassAnswer = { kind: 'classes', activation: 'softmax', labels, logits: row(logits), probabilities: row(probabilities) }
  return (
    <>
      <p className="prediction-where">{t('prediction.tagOf', { token: tokens[token]?.label ?? '' })}</p>
      <PredictionBars name={name} prediction={classes} reference={null} />
      <p className="note">{t('prediction.chooseTag')}</p>
    </>
  )
}

function Similarity({ answer, reference }: { readonly answer: SideAnswer; readonly reference: SideAnswer | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const similarity = reference && similarityOf(answer.prediction, reference.prediction)
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
