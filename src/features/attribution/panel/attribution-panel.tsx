// What mattered: methods as rows over the tokens, and what each number means and does not mean.

import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { needsGradients } from '#catalogue/attribution-methods'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import type { AttributionSide } from '#state/attributions'
import type { FrameSide } from '#state/layout/frame'
import { rowPanesOf, samePanes } from '#state/layout/panes'
import './attribution.css'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { Agreement } from './agreement.tsx'
import { AttributionControls } from './attribution-controls.tsx'
import { AttributionPane } from './attribution-pane.tsx'
import { LayerMap } from './layer-map.tsx'
import { MethodLine } from './method-line.tsx'
import { sampledPanes } from './samples.ts'
import { useAttributionRows } from './use-attribution-rows.ts'

export function AttributionPanel() {
  const { t } = useTranslation()
  const exported = useExportTarget()
  const settings = useSettings('methods', 'attributionChart')
  const answer = useApp((state) => state.a.answer)
  const target = useTargetText()
  const panes = useApp(rowPanesOf, samePanes)
  const all = useAttributionRows(panes)
  const { methods } = settings

  const inTheWay = useGradientsGate(settings.methods.some(needsGradients))
  if (answer && !kindOf(answer.prediction).isExplainable) return <p className="empty-state">{t('asked.noAnswer')}</p>
  const [first] = all
  const solo = first?.pane.side === 'a' && all.length === 1 ? first.pane : null
  const sampled = sampledPanes(panes)
  const sides = Array.from(new Set(panes.flatMap(({ side }) => SIDES[side])))
  return (
    <section className="attribution" aria-label={t('attribution.label')} id="charts" tabIndex={-1}>
      <AttributionControls />
      {inTheWay}
      {first && methods.length > 0 && target.text !== '' ? (
        <>
          <div className="attribution-panes" ref={exported}>
            {(settings.attributionChart === 'samples' ? all.filter(({ pane }) => sampled.includes(pane)) : all).map((shown) => (
              <AttributionPane key={shown.pane.side} shown={shown} all={all} named={all.length > 1 || shown.pane.side !== 'a'} />
            ))}
            {methods.includes('layer-gradients') && solo && <LayerMap pane={solo} />}
          </div>
          <Agreement rows={first.rows} />
          <ul className="method-lines">
            {methods.map((method) => (
              <MethodLine key={method} method={method} sides={sides} unit={t(`target.units.${target.space}`)} />
            ))}
          </ul>
        </>
      ) : (
        <p className="empty-state">{t(emptyText(answer !== null, methods.length > 0))}</p>
      )}
      <p className="shows">
        {t(SHOWS[settings.attributionChart])}{' '}
        <span className="shows-not">
          {t(settings.attributionChart === 'samples' ? 'attribution.samples.showsNot' : 'attribution.showsNot')}
        </span>
      </p>
    </section>
  )
}

const SHOWS = {
  rows: 'attribution.shows',
  ranked: 'attribution.shows',
  waterfall: 'attribution.steps.shows',
  force: 'attribution.steps.shows',
  samples: 'attribution.samples.shows',
} as const

const SIDES: Readonly<Record<FrameSide, readonly AttributionSide[]>> = { a: ['a'], b: ['reference'], difference: ['a', 'reference'] }

function emptyText(isAnswered: boolean, isAsked: boolean) {
  if (!isAnswered) return 'heads.waiting'
  return isAsked ? 'attribution.nothingBefore' : 'attribution.none'
}
