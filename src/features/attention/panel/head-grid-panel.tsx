// All heads at once: attention of the side on screen, or the signed difference, ordered as the reader likes.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeadRef } from '#methods/attention/attention'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideState } from '#state/app-state'
import { currentDifference, sameHead, sameHeads } from '#state/layout/panes'
import { paneOf } from '#state/reference'
import { largestMagnitude } from '#tensor/vector'
import { SelectBox } from '#ui/select-box'
import { drawHeadGrid } from '#views/heads/head-grid'
import type { HeadGridData, HeadGridOptions } from '#views/heads/head-grid-data'
import { currentGradientAttention } from '../state/gradient-attention.ts'
import { choiceFor } from '../state/shown-heads.ts'
import { hasFailed } from '../state/side-slot.ts'
import { orderHeads } from './order-heads.ts'

const ORDERS = ['auto', 'change', 'focus', 'distance', 'importance'] as const
const WEIGHTINGS = ['attention', 'gradient', 'importance'] as const
/** One for all, so that it is the same. */
const NO_THUMBNAILS: SideState['thumbnails'] = []

export function HeadGridPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const settings = useSettings('weighting', 'gridOrder')
  const hovered = useApp((state) => state.hover.head)
  const difference = useApp(currentDifference)
  const pane = useApp((state) => paneOf(state.settings, state.reference?.answer != null))
  const side = useApp((state) => (pane === 'b' && state.reference?.answer ? 'reference' : 'a'))
  const answer = useApp((state) => state[side]?.answer ?? null)
  const thumbnails = useApp((state) => state[side]?.thumbnails ?? NO_THUMBNAILS)
  const failed = useApp(hasFailed)
  const gradientAttention = useApp(currentGradientAttention)
  // Offered while the model is on its way, too: the page must not jump when it arrives.
  const gradients = useApp(({ model }) => model.status !== 'ready' || typeof model.card.gradients === 'string')
  const target = useTargetText()
  const { weighting } = settings
  const isGradientAttention = weighting !== 'attention' && gradientAttention !== null
  const signed = isGradientAttention || ((pane === 'difference' || pane === 'all') && difference !== null)
  const selected = useApp((state) => choiceFor(state).heads, sameHeads)

  const data = useMemo((): HeadGridData | null => {
    if (!answer) return null
    const { layers, heads } = answer
    const importance = gradientAttention?.importance ?? null
    const { order, scores } = orderHeads(settings.gridOrder, layers, heads, thumbnails, difference?.changes ?? null, importance)
    if (gradientAttention && weighting === 'importance') {
      return {
        layers,
        heads,
        thumbnails: importanceTiles(gradientAttention.importance, heads),
        sizes: new Array<number>(layers).fill(1),
        scores,
        order,
      }
    }
    const sets =
      gradientAttention && weighting === 'gradient'
        ? gradientAttention.thumbnails
        : signed && difference
          ? difference.thumbnails
          : thumbnails
    return { layers, heads, thumbnails: sets.map((set) => set?.data ?? null), sizes: sets.map((set) => set?.size ?? 0), scores, order }
  }, [answer, thumbnails, difference, signed, settings.gridOrder, gradientAttention, weighting])

  if (!answer || !data) return <p className="empty-state">{t(failed ? 'attention.failed' : 'heads.waiting')}</p>

  const select = (ref: HeadRef, additive: boolean): void => {
    const others = selected.filter((head) => !sameHead(head, ref))
    const heads = additive ? (others.length < selected.length && others.length > 0 ? others : [...others, ref]) : [ref]
    actions.set({ heads })
  }
  const isOffered = { auto: true, change: difference !== null, focus: true, distance: true, importance: gradients }
  const options: HeadGridOptions = {
    kind: signed ? 'difference' : 'attention',
    max: isGradientAttention
      ? (weighting === 'importance' ? largestMagnitude(gradientAttention.importance) : gradientAttention.scale) || 1
      : 1,
    selected,
    hovered,
    columns: settings.gridOrder === 'auto' ? answer.heads : null,
    words: {
      layer: t('attention.layer'),
      head: t('attention.head'),
      summary: t('attention.gridSummary', { layers: answer.layers, heads: answer.heads }),
      unit: isGradientAttention
        ? t(weighting === 'importance' ? 'attention.unitImportance' : 'attention.unitGradientAttention', {
            unit: t(`target.units.${target.gradientSpace}`),
          })
        : signed
          ? t('attention.unitDifference')
          : t('attention.unit'),
      note: t('attention.gridNote'),
    },
    format: settings.gridOrder === 'importance' ? format.signed : format.percent,
    describe: ({ layer, head }) => t('attention.gridCell', { layer: layer + 1, head: head + 1 }),
    onHover: (head) => actions.hover({ head }),
    onSelect: select,
  }
  return (
    <section className="head-grid" aria-label={t('attention.gridTitle')}>
      <header className="panel-head">
        <h2>{t('attention.gridTitle')}</h2>
        {gradients && (
          <SelectBox
            label={t('attention.weighting')}
            value={weighting}
            options={WEIGHTINGS.map((value) => ({ value, text: t(`attention.weightings.${value}`) }))}
            onChange={(value) => actions.set({ weighting: value })}
          />
        )}
        <SelectBox
          label={t('attention.order')}
          value={settings.gridOrder}
          options={ORDERS.filter((order) => isOffered[order] || settings.gridOrder === order).map((order) => ({
            value: order,
            text: t(`attention.orders.${order}`),
          }))}
          onChange={(gridOrder) => actions.set({ gridOrder })}
        />
      </header>
      <ChartHost draw={drawHeadGrid} data={data} options={options} />
      <p className="shows">
        {isGradientAttention ? t(`attention.gradientAttentionShows.${weighting}`, { target: target.text }) : t('attention.gridShows')}{' '}
        {data.scores && settings.gridOrder !== 'auto' && t(`attention.scores.${settings.gridOrder}`)}{' '}
        <span className="shows-not">{t(isGradientAttention ? 'attention.gradientAttentionNot' : 'attention.gridNot')}</span>
      </p>
    </section>
  )
}

/** Each head as one cell [heads, 1, 1] a layer: +-127 is the most important head. */
function importanceTiles(importance: Float32Array, heads: number): readonly Int8Array[] {
  const largest = largestMagnitude(importance) || 1
  const cells = Int8Array.from(importance, (value) => Math.round((value / largest) * 127))
  return Array.from({ length: cells.length / heads }, (_, layer) => cells.subarray(layer * heads, (layer + 1) * heads))
}
