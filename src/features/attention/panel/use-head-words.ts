// What is to be known of the head on screen, in sentences: why it is there, and how much of its attention goes to sinks.

import { useTranslation } from 'react-i18next'
import type { HeadRef } from '#methods/attention/attention'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { currentDifference, sameHead } from '#state/layout/panes'
import { currentGradientAttention } from '../state/gradient-attention.ts'
import { firstHead } from '../state/shown-heads.ts'
import type { HeadPictures } from './use-head-pictures.ts'

/** More sinks than these are only counted. */
const NAMED = 3

export function useHeadWords({ answer }: HeadPictures, shown: readonly HeadRef[]): readonly string[] {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const settings = useSettings('chart', 'heads', 'sinks')
  const target = useTargetText()
  const first = useApp(firstHead, (one, other) => one?.because === other?.because && sameHeadOrNone(one?.head, other?.head))
  const changes = useApp((state) => currentDifference(state)?.changes ?? null)
  const importance = useApp((state) => currentGradientAttention(state)?.importance ?? null)
  const [head] = shown
  const { statistics, row } = answer
  if (!head) return []
  const at = (ref: HeadRef): number => ref.layer * answer.heads + ref.head
  const single = shown.length === 1

  const why = (): string | null => {
    if (!single) return null
    const isFirst = settings.heads.length === 0 ? first?.because : null
    const value = importance?.[at(head)]
    const moved = changes?.find((change) => sameHead(change, head))?.moved
    const important = { target: target.text, value: format.signed(value ?? 0), unit: t(`target.units.${target.gradientSpace}`) }
    if (isFirst === 'change' && moved !== undefined) return t('attention.because.change', { share: format.percent(moved) })
    if (isFirst === 'importance' && value !== undefined) return t('attention.because.importance', important)
    if (isFirst === 'content') return t('attention.because.content', { share: format.percent(statistics.contentShare[at(head)] ?? 0) })
    return value === undefined ? null : t('attention.importanceOf', important)
  }

  const toSinks = (): string | null => {
    if (statistics.sinks.length === 0) return null
    const share = shown.reduce((sum, ref) => sum + (statistics.sinkShare[at(ref)] ?? 0), 0) / shown.length
    const names = [...new Set(statistics.sinks.map((position) => row.tokens[position]?.label.trim() ?? ''))]
    const sinks =
      names.length > NAMED
        ? t('attention.manySinks', { count: statistics.sinks.length })
        : new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names)
    const sent = t(single ? 'attention.toSinks' : 'attention.toSinksSeveral', { share: format.percent(share), sinks })
    if (settings.sinks !== 'aside') return sent
    // Only the heatmap has bars beside its rows.
    return t('app.sentences', { first: sent, next: t(settings.chart === 'heatmap' ? 'attention.aside' : 'attention.asideUnseen') })
  }
  return [why(), toSinks()].filter((sentence) => sentence !== null)
}

function sameHeadOrNone(one: HeadRef | undefined, other: HeadRef | undefined): boolean {
  return one && other ? sameHead(one, other) : one === other
}
