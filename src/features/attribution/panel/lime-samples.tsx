// How far LIME's line is from the model: its samples, drawn and listed.

import { Fragment, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { attributionSlot } from '#state/attributions'
import { Button } from '#ui/button'
import { drawSurrogate, type SurrogateData, type SurrogateOptions, type SurrogateSample, sampleText } from '#views/bars/surrogate'
import type { AttributionChartProps } from './attribution-chart-props.ts'
import { MethodHead } from './method-head.tsx'
import { currentAttribution } from './rows.ts'
import { samplesOf } from './samples.ts'
import { useEmptyText } from './use-empty-text.tsx'

/** Rows of the table at first, and how many more at a time. */
const SHOWN = 10

export function LimeSamples({ shown: { pane } }: AttributionChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const target = useTargetText()
  const paneName = usePaneName()
  const side = pane.side === 'b' ? 'reference' : 'a'
  const row = useApp((state) => state.settings.methods.indexOf('lime'))
  const state = useApp(attributionSlot(side, 'lime').of) ?? undefined
  const empty = useEmptyText(row)
  const [chosen, setChosen] = useState<string | null>(null)
  const { answer } = pane
  const attribution = currentAttribution(state, answer)
  const zero = t('attribution.samples.zero')
  const samples = useMemo(() => (attribution === null ? [] : samplesOf(attribution, answer, zero)), [attribution, answer, zero])
  const data = useMemo((): SurrogateData => ({ samples }), [samples])
  if (row < 0) return <p className="empty-state">{t('attribution.samples.chooseLime')}</p>
  const head = <MethodHead method="lime" pane={pane} isZero={false} />
  if (attribution === null || samples.length === 0) {
    return (
      <>
        {head}
        <p className="note">{empty}</p>
      </>
    )
  }
  const choose = (key: string): void => setChosen(key === chosen ? null : key)
  const axis = t(`attribution.steps.axes.${target.space}`, { target: target.text })
  const options: SurrogateOptions = {
    selected: chosen,
    words: {
      summary: t('attribution.samples.summary', { count: samples.length }),
      fitted: t('attribution.samples.line'),
      output: t('attribution.samples.model'),
      fittedAxis: t('attribution.samples.lineSays', { axis }),
      outputAxis: t('attribution.samples.modelSays', { axis }),
      weight: t('attribution.samples.weight'),
      itself: t('attribution.samples.itself'),
      nothing: t('attribution.samples.nothing'),
      same: t('attribution.samples.same'),
    },
    format: format.weight,
    onHover: () => undefined,
    onSelect: choose,
  }
  return (
    <>
      {head}
      <p className="note">
        <span title={t('attribution.figuresMean.r2')}>
          {t('attribution.figures.r2', { value: format.weight(attribution.figures.r2 ?? Number.NaN) })}
        </span>
        {' · '}
        {t('attribution.samples.drawn', { count: samples.length })}
        {pane.side === 'difference' && ` ${t('attribution.samples.ofSide', { side: paneName('a') })}`}
      </p>
      <div className="lime-samples">
        <ChartHost draw={drawSurrogate} data={data} options={options} />
        <SampleTable samples={samples} chosen={chosen} onChoose={choose} unit={axis} />
      </div>
    </>
  )
}

interface SampleTableProps {
  readonly samples: readonly SurrogateSample[]
  readonly chosen: string | null
  readonly onChoose: (key: string) => void
  readonly unit: string
}

function SampleTable({ samples, chosen, onChoose, unit }: SampleTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [shown, setShown] = useState(SHOWN)
  const left = samples.length - shown
  return (
    <div>
      <table className="sample-table">
        <caption>{t('attribution.samples.table', { unit })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('attribution.samples.text')}</th>
            <th scope="col">{t('attribution.samples.model')}</th>
            <th scope="col">{t('attribution.samples.line')}</th>
            <th scope="col">{t('attribution.samples.weight')}</th>
          </tr>
        </thead>
        <tbody>
          {samples.slice(0, shown).map((sample) => (
            <tr key={sample.key} className={sample.key === chosen ? 'is-chosen' : ''}>
              <th scope="row">
                <button type="button" aria-pressed={sample.key === chosen} onClick={() => onChoose(sample.key)}>
                  {sampleText(sample) === '' ? t('attribution.samples.nothing') : <SampleText sample={sample} />}
                </button>
              </th>
              <td>{format.weight(sample.output)}</td>
              <td>{format.weight(sample.fitted)}</td>
              <td>{format.weight(sample.weight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <Button look="quiet" onPress={() => setShown(shown + SHOWN)}>
          {t('attribution.samples.more', { count: Math.min(SHOWN, left) })}
        </Button>
      )}
    </div>
  )
}

/** As the model read it. */
function SampleText({ sample: { pieces } }: { readonly sample: SurrogateSample }) {
  return pieces.map(({ text, away, instead }, at) => {
    if (!away) return text
    if (instead === undefined) return null
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: units stand in their places
      <Fragment key={at}>
        {instead.startsWith(' ') && ' '}
        <span className="sample-instead" title={text.trim()}>
          {instead.trim()}
        </span>
      </Fragment>
    )
  })
}
