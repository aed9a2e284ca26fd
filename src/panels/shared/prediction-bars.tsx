import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClassAnswer } from '#answers/classes'
import { type BarsData, drawBars } from '#views/bars/bars'
import { type DotsData, drawDots } from '#views/bars/dots'
import { ChartHost } from './chart-host.tsx'
import type { AnswerProps } from './prediction-props.ts'
import { useFormat } from './use-format.tsx'
import { usePaneName } from './use-pane-name.tsx'

/** Of many classes the likeliest are drawn; the rest of a list that long is read by nobody. */
const SHOWN = 8

/** Class probabilities and logits as bars, or as two dots on one axis where there is something to compare them with. */
export function PredictionBars({ name, prediction, other }: AnswerProps<ClassAnswer>) {
  const { t } = useTranslation()
  const reference = other !== null && sameLabels(prediction, other) ? other : null
  const shown = useMemo(() => shownClasses(prediction), [prediction])
  const extent = Math.max(1, ...[...prediction.logits, ...(reference?.logits ?? [])].map(Math.abs))
  const Chart = reference ? Dots : Bars
  const charts = {
    probabilities: { domain: [0, 1], unit: t('prediction.probability') },
    logits: { domain: [-extent, extent], unit: t(prediction.activation === 'none' ? 'prediction.value' : 'prediction.logit') },
  } as const
  const quantities = prediction.activation === 'none' ? (['logits'] as const) : (['probabilities', 'logits'] as const)
  const hidden = prediction.labels.length - shown.length
  return (
    <div className={reference ? 'prediction-bars is-compared' : 'prediction-bars'}>
      {quantities.map((quantity) => (
        <Chart
          key={quantity}
          quantity={quantity}
          prediction={prediction}
          reference={reference ?? prediction}
          shown={shown}
          summary={t('prediction.labelFor', { side: name })}
          {...charts[quantity]}
        />
      ))}
      {prediction.activation === 'sigmoid' && <p className="note">{t('prediction.independent')}</p>}
      {prediction.activation === 'none' && <p className="note">{t('prediction.regression')}</p>}
      {hidden > 0 && <p className="note">{t('prediction.hidden', { count: hidden })}</p>}
    </div>
  )
}

interface ClassChartProps {
  readonly quantity: 'probabilities' | 'logits'
  readonly prediction: ClassAnswer
  readonly reference: ClassAnswer
  /** Indexes of classes. */
  readonly shown: readonly number[]
  readonly domain: readonly [number, number]
  readonly unit: string
  readonly summary: string
}

function Bars({ quantity, prediction, shown, domain, unit, summary }: ClassChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const data = useMemo(
    (): BarsData => ({
      bars: shown.map((i) => ({
        label: format.label(prediction.labels[i] ?? ''),
        value: at(prediction[quantity], i),
        reference: null,
        strong: isBest(prediction, i),
      })),
    }),
    [quantity, prediction, shown, format],
  )
  const words = { summary, reference: t('prediction.reference') }
  return <ChartHost draw={drawBars} data={data} options={{ domain, unit, format: format.weight, formatChange: format.difference, words }} />
}

function Dots({ quantity, prediction, reference, shown, domain, unit, summary }: ClassChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const paneName = usePaneName()
  const data = useMemo(
    (): DotsData => ({
      rows: shown.map((i) => ({
        label: format.label(prediction.labels[i] ?? ''),
        a: at(prediction[quantity], i),
        b: at(reference[quantity], i),
        strong: isBest(prediction, i),
        // The other chart has no room of its own.
        detail:
          quantity === 'logits'
            ? ''
            : t('prediction.logitChange', { change: format.signed(at(prediction.logits, i) - at(reference.logits, i)) }),
      })),
    }),
    [quantity, prediction, reference, shown, t, format],
  )
  const words = { summary, a: paneName('a'), b: paneName('b'), difference: paneName('difference') }
  return <ChartHost draw={drawDots} data={data} options={{ domain, unit, format: format.weight, formatChange: format.difference, words }} />
}

function sameLabels(one: ClassAnswer, other: ClassAnswer): boolean {
  return one.labels.length === other.labels.length && one.labels.every((label, i) => label === other.labels[i])
}

/** All of a few classes in their order; of many the likeliest, best first. */
function shownClasses({ logits }: ClassAnswer): readonly number[] {
  const order = Array.from(logits.keys())
  return order.length <= SHOWN ? order : order.sort((one, other) => at(logits, other) - at(logits, one)).slice(0, SHOWN)
}

function isBest({ logits }: ClassAnswer, index: number): boolean {
  return logits[index] === Math.max(...logits)
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? Number.NaN
}
