import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Prediction } from '#protocol/engine-api'
import { type BarsData, type BarsOptions, drawBars } from '#views/bars'
import { ChartHost } from '../chart-host.tsx'
import { useFormat } from '../use-format.tsx'

export interface PredictionBarsProps {
  readonly name: string
  readonly prediction: Prediction
  /** The input that it is compared with. */
  readonly reference: Prediction | null
}

/** Class probabilities and logits, each with its change against the reference. */
export function PredictionBars({ name, prediction, reference }: PredictionBarsProps) {
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
  const logitOptions: BarsOptions = { ...probabilityOptions, domain: [-extent, extent], unit: t('prediction.logit') }
  return (
    <div className="prediction-bars">
      <ChartHost draw={drawBars} data={probabilities} options={probabilityOptions} />
      <ChartHost draw={drawBars} data={logits} options={logitOptions} />
    </div>
  )
}

function barsOf(prediction: Prediction, reference: Prediction | null, name: (label: string) => string) {
  const best = Math.max(...prediction.logits)
  const bars = (values: Float32Array, others: Float32Array | undefined): BarsData => ({
    bars: Array.from(values, (value, i) => ({
      label: name(prediction.labels[i] ?? ''),
      value,
      reference: others?.[i] ?? null,
      strong: prediction.logits[i] === best,
    })),
  })
  return {
    probabilities: bars(prediction.probabilities, reference?.probabilities),
    logits: bars(prediction.logits, reference?.logits),
  }
}
