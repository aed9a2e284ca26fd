// Where does it look: the grid of all heads, and the chosen heads as heatmap, lines, arcs or one token's view.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ATTENTION_CHARTS } from '#catalogue/charts'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import { usePaneName } from '#panels/shared/use-pane-name.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { slotOf } from '#state/layout/frame'
import { type Pane, panesOf, samePanes } from '#state/layout/panes'
import { largestMagnitude } from '#tensor/vector'
import { gradientAttentionError, gradientAttentionPanesOf, showsGradientAttention } from '../state/gradient-attention.ts'
import { hasFailed } from '../state/side-slot.ts'
import './attention.css'
import { scaleFor } from './axis.ts'
import { ChartControls } from './chart-controls.tsx'
import { HeadGridPanel } from './head-grid-panel.tsx'
import { PANE_CHARTS } from './pane-charts.ts'

export function AttentionPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const paneName = usePaneName()
  const errorText = useErrorText()
  const settings = useSettings('chart', 'specials', 'token')
  const { takes, cells } = ATTENTION_CHARTS[settings.chart]
  const Chart = PANE_CHARTS[settings.chart]
  const compared = useApp((state) => state.reference !== null)
  const failed = useApp(hasFailed)
  const target = useExportTarget()
  const sides = useApp(panesOf, samePanes)
  const products = useApp(gradientAttentionPanesOf, samePanes)
  const error = useApp(gradientAttentionError)
  const explained = useTargetText()
  const inTheWay = useGradientsGate(useApp((state) => showsGradientAttention(state.settings)))
  const isGradientAttention = products !== null
  const panes = products ?? sides
  const attention = useMemo(() => scaleFor('attention', panes.filter(({ side }) => side !== 'difference').flatMap(dataOf)), [panes])
  const signed = useMemo(() => scaleFor('difference', panes.filter(({ side }) => side === 'difference').flatMap(dataOf)), [panes])

  const productScale = useMemo(
    () => ({ kind: 'difference' as const, max: Math.max(...panes.flatMap(dataOf).map(largestMagnitude), 0) || 1 }),
    [panes],
  )

  const tokenTitle = ({ frame }: Pane): string => {
    const token = frame.slots[slotOf(frame, settings.token) ?? -1]?.label
    return token === undefined ? t('attention.charts.token') : t('attention.tokenTitle', { token })
  }

  /** What rows of a heatmap add up to, where that is simple. */
  const rowsSum = (pane: Pane | undefined, specials: boolean): string | null => {
    if (pane?.choice.reduce === 'max') return t('attention.sumMax')
    return t(specials ? 'attention.sumOne' : 'attention.specialsHidden')
  }

  return (
    <div className="attention">
      <HeadGridPanel />
      <section id="charts" className="head-charts" aria-label={t('attention.chart')} tabIndex={-1}>
        <ChartControls />
        {inTheWay}
        {error && <p className="note note-error">{errorText(error)}</p>}
        {panes.length === 0 && <p className="empty-state">{t(failed ? 'attention.failed' : 'heads.waiting')}</p>}
        <div className={`panes panes-${panes.length}`} ref={target}>
          {panes.map((pane) => (
            <figure key={pane.side} className="pane">
              <figcaption className="pane-title">
                <span>{takes === 'token' ? tokenTitle(pane) : format.choice(pane.choice)}</span>
                {compared && <span className="pane-side">{paneName(pane.side)}</span>}
              </figcaption>
              <Chart
                pane={pane}
                scale={isGradientAttention ? productScale : pane.side === 'difference' ? signed : attention}
                unit={
                  isGradientAttention ? t('attention.unitGradientAttention', { unit: t(`target.units.${explained.gradientSpace}`) }) : null
                }
              />
            </figure>
          ))}
        </div>
        {panes.length > 0 && (
          <p className="shows">
            {t(isGradientAttention && cells ? 'attention.shows.gradientAttentionHeatmap' : `attention.shows.${settings.chart}`)}{' '}
            {panes.some(isDifference) && t('attention.shows.difference')} {cells && panes.some(isDifference) && t('attention.shows.gaps')}{' '}
            {isGradientAttention && t('attention.shows.gradientAttention', { target: explained.text })}{' '}
            {cells && !isGradientAttention && !panes.every(isDifference) && rowsSum(panes[0], settings.specials === 'shown')}{' '}
            <span className="shows-not">{t(isGradientAttention ? 'attention.gradientAttentionNot' : 'attention.showsNot')}</span>
          </p>
        )}
      </section>
    </div>
  )
}

function isDifference({ side }: Pane): boolean {
  return side === 'difference'
}

function dataOf({ matrices }: { readonly matrices: readonly { readonly data: Float32Array }[] }): readonly Float32Array[] {
  return matrices.map(({ data }) => data)
}
