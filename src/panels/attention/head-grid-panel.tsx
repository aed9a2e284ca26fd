// All heads at once: attention of the side on screen, or the signed difference, ordered as the reader likes.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeadRef } from '#methods/attention/attention'
import { choiceFor } from '#state/explain'
import { currentDifference, sameHead } from '#state/panes'
import { paneOf } from '#state/reference'
import { SelectBox } from '#ui/select-box'
import { drawHeadGrid, type HeadGridData, type HeadGridOptions } from '#views/head-grid'
import { useApp, useServices } from '../app-context.tsx'
import { ChartHost } from '../chart-host.tsx'
import { useFormat } from '../use-format.tsx'
import { orderHeads } from './order-heads.ts'

const ORDERS = ['layer', 'change', 'focus', 'distance'] as const

export function HeadGridPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions, store } = useServices()
  const settings = useApp((state) => state.settings)
  const hovered = useApp((state) => state.hover.head)
  const sideA = useApp((state) => state.a)
  const sideB = useApp((state) => state.reference)
  const difference = useApp(currentDifference)
  const pane = paneOf(settings, sideB?.answer != null)
  const signed = (pane === 'difference' || pane === 'all') && difference !== null
  const { answer, thumbnails } = pane === 'b' && sideB?.answer ? sideB : sideA
  const selected = answer ? choiceFor(store.getState()).heads : []

  const data = useMemo((): HeadGridData | null => {
    if (!answer) return null
    const { layers, heads } = answer
    const sets = signed && difference ? difference.thumbnails : thumbnails
    const { order, scores } = orderHeads(settings.gridOrder, layers, heads, thumbnails, difference?.changes ?? null)
    return { layers, heads, thumbnails: sets.map((set) => set?.data ?? null), sizes: sets.map((set) => set?.size ?? 0), scores, order }
  }, [answer, thumbnails, difference, signed, settings.gridOrder])

  if (!answer || !data) return <p className="empty-state">{t(sideA.status === 'failed' ? 'attention.failed' : 'attention.waiting')}</p>

  const select = (ref: HeadRef, additive: boolean): void => {
    const others = selected.filter((head) => !sameHead(head, ref))
    const heads = additive ? (others.length < selected.length && others.length > 0 ? others : [...others, ref]) : [ref]
    actions.set({ heads })
  }
  const options: HeadGridOptions = {
    kind: signed ? 'difference' : 'attention',
    selected,
    hovered,
    columns: settings.gridOrder === 'layer' ? answer.heads : null,
    words: {
      layer: t('attention.layer'),
      head: t('attention.head'),
      summary: t('attention.gridSummary', { layers: answer.layers, heads: answer.heads }),
      unit: signed ? t('attention.unitDifference') : t('attention.unit'),
      note: t('attention.gridNote'),
    },
    format: format.percent,
    describe: ({ layer, head }) => t('attention.gridCell', { layer: layer + 1, head: head + 1 }),
    onHover: (head) => actions.hover({ head }),
    onSelect: select,
  }
  return (
    <section className="head-grid" aria-label={t('attention.gridTitle')}>
      <header className="panel-head">
        <h2>{t('attention.gridTitle')}</h2>
        <SelectBox
          label={t('attention.order')}
          value={settings.gridOrder}
          options={ORDERS.filter((order) => order !== 'change' || difference !== null || settings.gridOrder === 'change').map((order) => ({
            value: order,
            text: t(`attention.orders.${order}`),
          }))}
          onChange={(gridOrder) => actions.set({ gridOrder })}
        />
      </header>
      <ChartHost draw={drawHeadGrid} data={data} options={options} />
      <p className="shows">
        {t('attention.gridShows')} {data.scores && settings.gridOrder !== 'layer' && t(`attention.scores.${settings.gridOrder}`)}{' '}
        <span className="shows-not">{t('attention.gridNot')}</span>
      </p>
    </section>
  )
}
