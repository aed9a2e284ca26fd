import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClassAnswer } from '#answers/classes'
import { type BarsData, type BarsOptions, drawBars } from '#views/bars/bars'
import { ChartHost } from './chart-host.tsx'
import type { AnswerProps } from './prediction-props.ts'
import { useFormat } from './use-format.tsx'

/** Of many classes the likeliest are drawn; the rest of a list that long is read by nobody. */
const SHOWN = 8

/** Class probabilities and logits, each with its change against the reference. */
export function PredictionBars({ name, prediction, other }: AnswerProps<ClassAnswer>) {
  const reference = other !== null && sameLabels(prediction, other) ? other : null
  const { t } = useTranslation()
  const format = useFormat()
  const { probabilities, logits } = useMemo(() => barsOf(prediction, reference, format.label), [prediction, reference, format])
  const words = { summary: t('prediction.labelFor', { side: name }), reference: t('prediction.reference') }
  const extent = Math.max(1, ...[...prediction.logits, ...(reference?.logits ?? [])].map(Math.abs))
  const probabilityOptions: BarsOptions = {
    domain: [0, 1],
    unit: t('prediction.probability'),
    format: format.weight,
    formatChange: format.signed,
    words,
  }
  const unit = t(prediction.activation === 'none' ? 'prediction.value' : 'prediction.logit')
  const logitOptions: BarsOptions = { ...probabilityOptions, domain: [-extent, extent], unit }
  const hidden = prediction.labels.length - logits.bars.length
  return (
    <div className="prediction-bars">
      {prediction.activation !== 'none' && <ChartHost draw={drawBars} data={probabilities} options={probabilityOptions} />}
      <ChartHost draw={drawBars} data={logits} options={logitOptions} />
      {prediction.activation === 'sigmoid' && <p className="note">{t('prediction.independent')}</p>}
      {prediction.activation === 'none' && <p className="note">{t('prediction.regression')}</p>}
      {hidden > 0 && <p className="note">{t('prediction.hidden', { count: hidden })}</p>}
    </div>
  )
}

function sameLabels(one: ClassAnswer, other: ClassAnswer): boolean {
  return one.labels.length === other.labels.length && one.labels.every((label, i) => label === other.labels[i])
}

function barsOf(prediction: ClassAnswer, reference: ClassAnswer | null, name: (label: string) => string) {
  const best = Math.max(...prediction.logits)
  const order = Array.from(prediction.logits.keys())
  const shown =
    order.length <= SHOWN ? order : order.sort((one, other) => at(prediction.logits, other) - at(prediction.logits, one)).slice(0, SHOWN)
  const bars = (values: Float32Array, others: Float32Array | undefined): BarsData => ({
    bars: shown.map((i) => ({
      label: name(prediction.labels[i] ?? ''),
      value: at(values, i),
      reference: others?.[i] ?? null,
      strong: prediction.logits[i] === best,
    })),
  })
  return {
    probabilities: bars(prediction.probabilities, reference?.probabilities),
    logits: bars(prediction.logits, reference?.logits),
  }
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? Number.NaN
}
