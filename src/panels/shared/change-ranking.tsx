// Heads that changed most between A and what it is compared with.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SideAnswer } from '#state/app-state'
import { alignedFrame } from '#state/layout/frame'
import { currentDifference, rankChanges } from '#state/layout/panes'
import { drawRanking, type RankingData, type RankingOptions } from '#views/bars/ranking'
import { useApp, useServices } from './app-context.tsx'
import { ChartHost } from './chart-host.tsx'
import { useFormat } from './use-format.tsx'
import { usePaneName } from './use-pane-name.tsx'

/** More would be read by nobody; the grid, ordered by change, shows all. */
const SHOWN = 8

export function ChangeRanking() {
  const { t } = useTranslation()
  const format = useFormat()
  const paneName = usePaneName()
  const { actions } = useServices()
  const heads = useApp((state) => state.settings.heads)
  const hovered = useApp((state) => state.hover.head)
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const difference = useApp(currentDifference)
  const data = useMemo((): RankingData => {
    if (!difference || !answerA || !answerB) return { rows: [] }
    const { slots } = alignedFrame('difference', answerA, answerB, difference, true)
    return {
      rows: rankChanges(difference.changes)
        .slice(0, SHOWN)
        .filter(({ moved }) => moved > 0)
        .map(({ layer, head, moved, query, key, change }) => ({
          key: `${layer}.${head}`,
          label: `${layer + 1}.${head + 1}`,
          value: moved,
          detail: t('changes.cell', {
            query: slots[query]?.label,
            key: slots[key]?.label,
            change: format.signed(change),
          }),
        })),
    }
  }, [difference, answerA, answerB, t, format])

  const compared = answerB !== null
  const isSame = answerA !== null && compared && idsOf(answerA) === idsOf(answerB)
  if (!compared) return null
  const options: RankingOptions = {
    selected: keyOf(heads[0]),
    hovered: keyOf(hovered),
    max: Math.max(0.05, ...data.rows.map(({ value }) => value)),
    kind: 'attention',
    words: {
      summary: t('changes.label'),
      unit: t('changes.explain'),
      empty: difference ? t(isSame ? 'changes.same' : 'changes.sameOnShared') : '…',
    },
    format: format.percent,
    onHover: (key) => actions.hover({ head: refOf(key) }),
    onSelect: (key) => {
      const ref = refOf(key)
      if (ref) actions.set({ heads: [ref] })
    },
  }
  return (
    <section className="change-ranking" aria-label={t('changes.label')}>
      <h2>
        {t('changes.label')} <span className="pane-side">{paneName('difference')}</span>
      </h2>
      <ChartHost draw={drawRanking} data={data} options={options} />
    </section>
  )
}

/** Of the tokens that the model reads. */
function idsOf({ row }: SideAnswer): string {
  return row.tokens.map(({ id }) => id).join()
}

function keyOf(ref: { readonly layer: number; readonly head: number } | null | undefined): string | null {
  return ref ? `${ref.layer}.${ref.head}` : null
}

function refOf(key: string | null): { readonly layer: number; readonly head: number } | null {
  const [layer, head] = key?.split('.').map(Number) ?? []
  return layer === undefined || head === undefined ? null : { layer, head }
}
