// Why: methods over the tokens, and what each number means and does not mean.

import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { needsGradients } from '#catalogue/attribution-methods'
import { ATTRIBUTION_CHARTS } from '#catalogue/charts'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { rowPanesOf, samePanes } from '#state/layout/panes'
import { PopoverButton } from '#ui/popover-button'
import './attribution.css'
import { Agreement } from './agreement.tsx'
import { ATTRIBUTION_PANE_CHARTS } from './attribution-charts.ts'
import { AttributionControls } from './attribution-controls.tsx'
import { AttributionPane } from './attribution-pane.tsx'
import { LayerMap } from './layer-map.tsx'
import { sampledPanes } from './samples.ts'
import { useAttributionRows } from './use-attribution-rows.ts'

export function AttributionPanel() {
  const { t } = useTranslation()
  const exported = useExportTarget()
  const { methods, attributionChart } = useSettings('methods', 'attributionChart')
  const answer = useApp((state) => state.a.answer)
  const isReady = useApp((state) => state.model.status === 'ready')
  const target = useTargetText()
  const panes = useApp(rowPanesOf, samePanes)
  // Typing goes first: rows of a text that is being typed are not drawn.
  const all = useDeferredValue(useAttributionRows(panes))
  const inTheWay = useGradientsGate(methods.some(needsGradients))
  if (answer && !kindOf(answer.prediction).isExplainable) return <p className="empty-state">{t('asked.noAnswer')}</p>
  const [first] = all
  const solo = first?.pane.side === 'a' && all.length === 1 ? first.pane : null
  const sampled = sampledPanes(all.map(({ pane }) => pane))
  const { shows, showsNot } = ATTRIBUTION_PANE_CHARTS[attributionChart]
  const drawn = ATTRIBUTION_CHARTS[attributionChart].takes === 'surrogate' ? all.filter(({ pane }) => sampled.includes(pane)) : all
  return (
    <section className="attribution" aria-label={t('attribution.label')} id="charts" tabIndex={-1}>
      <AttributionControls />
      {inTheWay}
      {first && methods.length > 0 && target.text !== '' ? (
        <>
          <div className="attribution-panes" ref={exported}>
            {drawn.map((shown) => (
              <AttributionPane key={shown.pane.side} shown={shown} all={all} named={all.length > 1 || shown.pane.side !== 'a'} />
            ))}
            {methods.includes('layer-gradients') && solo && <LayerMap pane={solo} />}
          </div>
          <Agreement rows={first.rows} />
        </>
      ) : (
        <p className="empty-state">{t(emptyText(answer !== null && !answer.precomputed && isReady, methods.length > 0))}</p>
      )}
      <div className="attribution-about">
        <PopoverButton title={t('attribution.reading')} icon="info" text={t('attribution.reading')}>
          <p className="popover-text">{t(shows)}</p>
          <p className="popover-text">{t(showsNot)}</p>
        </PopoverButton>
      </div>
    </section>
  )
}

function emptyText(isAnswered: boolean, isAsked: boolean) {
  if (!isAnswered) return 'attribution.waiting'
  return isAsked ? 'attribution.nothingBefore' : 'attribution.none'
}
