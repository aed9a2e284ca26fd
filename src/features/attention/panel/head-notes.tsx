// Beside the chart: what is to be known of the head on screen, and the heads that come next in the reader's order.

import { useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeadRef } from '#methods/attention/attention'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { SideAnswer } from '#state/app-state'
import { alignedFrame } from '#state/layout/frame'
import { currentDifference, sameHead, sameHeads } from '#state/layout/panes'
import { drawHeadGrid } from '#views/heads/head-grid'
import type { HeadGridData, HeadGridOptions } from '#views/heads/head-grid-data'
import { choiceFor } from '../state/shown-heads.ts'
import type { HeadPictures } from './use-head-pictures.ts'
import { useHeadWords } from './use-head-words.ts'

/** Pictures in a row, and rows of them. */
const COLUMNS = 3
const ROWS = 2

export function HeadNotes({ pictures }: { readonly pictures: HeadPictures }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const hovered = useApp((state) => state.hover.head)
  const shown = useApp((state) => choiceFor(state).heads, sameHeads)
  // Small pictures come behind the chart.
  const late = useDeferredValue(pictures)
  const { answer, kind, max, ranked, formatScore } = late
  const words = useHeadWords(pictures, shown)
  const unchanged = useUnchanged()
  const strongestChange = useStrongestChange()
  const data = useMemo((): HeadGridData => {
    const isWorthSeeing = (ref: HeadRef): boolean =>
      !shown.some((head) => sameHead(head, ref)) && (ranked.by !== 'change' || ranked.scores[ref.layer * answer.heads + ref.head] !== 0)
    const next = ranked.order.filter(isWorthSeeing).slice(0, COLUMNS * ROWS)
    return { layers: answer.layers, heads: answer.heads, ...late.pictures, scores: ranked.scores, order: next }
  }, [answer, late.pictures, ranked, shown])
  const name = t(`attention.next.${ranked.by}`)
  const nameOf = (ref: HeadRef): string => t('attention.gridCell', { layer: ref.layer + 1, head: ref.head + 1 })
  const options: HeadGridOptions = {
    kind,
    max,
    selected: [],
    hovered,
    columns: COLUMNS,
    isBare: true,
    words: { layer: t('attention.layer'), head: t('attention.head'), summary: name },
    format: formatScore,
    describe: (ref) => {
      const change = ranked.by === 'change' ? strongestChange(ref) : null
      return `${nameOf(ref)}, ${change ?? formatScore(ranked.scores[ref.layer * answer.heads + ref.head] ?? 0)}`
    },
    onHover: (head) => actions.hover({ head }),
    onSelect: (head) => actions.set({ heads: [head] }),
  }
  return (
    <aside className="head-notes" aria-label={t('attention.notes')}>
      <h2>{shown.length === 1 && shown[0] ? format.head(shown[0]) : format.choice({ heads: shown, reduce: 'each' })}</h2>
      {words.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {unchanged && <p>{unchanged}</p>}
      {data.order.length > 0 && (
        <>
          <h2 title={t(`attention.scores.${ranked.by}`)}>{name}</h2>
          <ChartHost draw={drawHeadGrid} data={data} options={options} />
        </>
      )}
    </aside>
  )
}

/** A sentence where A is compared and no head changes. */
function useUnchanged(): string | null {
  const { t } = useTranslation()
  const unchanged = useApp((state) => currentDifference(state)?.changes.every(({ moved }) => moved === 0) ?? false)
  const isSame = useApp(({ a, reference }) => a.answer !== null && reference?.answer != null && sameIds(a.answer, reference.answer))
  return unchanged ? t(isSame ? 'attention.same' : 'attention.sameOnShared') : null
}

function sameIds({ row: one }: SideAnswer, { row: other }: SideAnswer): boolean {
  return one.tokens.length === other.tokens.length && one.tokens.every(({ id }, at) => id === other.tokens[at]?.id)
}

/** Says how much of a head's attention moved, and where it changed most; null where A is compared with nothing. */
function useStrongestChange(): (ref: HeadRef) => string | null {
  const { t } = useTranslation()
  const format = useFormat()
  const answerA = useApp((state) => state.a.answer)
  const answerB = useApp((state) => state.reference?.answer ?? null)
  const difference = useApp(currentDifference)
  const slots = useMemo(
    () => (difference && answerA && answerB ? alignedFrame('difference', answerA, answerB, difference, true).slots : []),
    [difference, answerA, answerB],
  )
  return (ref) => {
    const change = difference?.changes.find((one) => sameHead(one, ref))
    if (change === undefined) return null
    const [query, key] = [slots[change.query]?.label, slots[change.key]?.label]
    return t('attention.moved', { share: format.percent(change.moved), change: format.signed(change.change), query, key })
  }
}
