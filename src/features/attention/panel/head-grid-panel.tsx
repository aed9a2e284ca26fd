// All heads at once, layer by layer: attention of the side on screen, its signed difference, or what gradients make of it.

import { useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeadRef } from '#methods/attention/attention'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { sameHead, sameHeads } from '#state/layout/panes'
import { drawHeadGrid } from '#views/heads/head-grid'
import type { HeadGridOptions } from '#views/heads/head-grid-data'
import { choiceFor } from '../state/shown-heads.ts'
import type { HeadPictures } from './use-head-pictures.ts'

export interface HeadGridPanelProps {
  readonly pictures: HeadPictures
  /** CSS pixels; null for as many as it takes. */
  readonly height: number | null
}

export function HeadGridPanel({ pictures: newest, height }: HeadGridPanelProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const hovered = useApp((state) => state.hover.head)
  const selected = useApp((state) => choiceFor(state).heads, sameHeads)
  // The chart that is read comes first: all heads take as long as it does to draw.
  const { answer, grid, kind, max, unit, title } = useDeferredValue(newest)

  const select = (ref: HeadRef, additive: boolean): void => {
    const others = selected.filter((head) => !sameHead(head, ref))
    const heads = additive ? (others.length < selected.length && others.length > 0 ? others : [...others, ref]) : [ref]
    actions.set({ heads })
  }
  const cellName = useCellName()
  const options: HeadGridOptions = {
    kind,
    max,
    selected,
    hovered,
    columns: answer.heads,
    height,
    words: {
      layer: t('attention.layer'),
      head: t('attention.head'),
      summary: t('attention.gridSummary', { layers: answer.layers, heads: answer.heads }),
      unit,
      note: t('attention.gridNote'),
    },
    format: format.signed,
    describe: cellName,
    onHover: (head) => actions.hover({ head }),
    onSelect: select,
  }
  return (
    <section className="head-grid" aria-label={t('attention.gridTitle')}>
      <h2 className="pane-title">
        <span>{t('attention.gridTitle')}</span> <span className="pane-side">{title}</span>
      </h2>
      <ChartHost draw={drawHeadGrid} data={grid} options={options} />
    </section>
  )
}

/** Names of heads, each made once: the grid asks for all of them at every drawing. */
function useCellName(): (ref: HeadRef) => string {
  const { t } = useTranslation()
  return useMemo(() => {
    const names = new Map<string, string>()
    return ({ layer, head }) => {
      const key = `${layer} ${head}`
      const name = names.get(key) ?? t('attention.gridCell', { layer: layer + 1, head: head + 1 })
      names.set(key, name)
      return name
    }
  }, [t])
}
