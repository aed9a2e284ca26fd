// Tokens whose attribution an edit changed most.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { type AttributionState, attributionSlot } from '#state/attributions'
import { alignedFrame, tokenAt } from '#state/layout/frame'
import { currentDifference, sameInput } from '#state/layout/panes'
import { methodOfDetail, SPACE_OF_DETAIL } from '#state/target'
import { drawRanking, type RankingData, type RankingOptions } from '#views/bars/ranking'
import { attributionChanges } from './attribution-changes.ts'

export interface AttributionChangeProps {
  /** The text as it is, and edited. */
  readonly answer: SideAnswer
  readonly edited: SideAnswer
  readonly most: number
}

export function AttributionChange({ answer, edited, most }: AttributionChangeProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const errorText = useErrorText()
  const { actions } = useServices()
  const target = useTargetText()
  const method = useApp(methodOfDetail)
  const showSpecials = useApp((state) => state.settings.specials === 'shown')
  const difference = useApp(currentDifference)
  const before = useApp(attributionSlot('a', method).of)
  const after = useApp(attributionSlot('reference', method).of)
  const isOf = ({ question }: AttributionState, { input }: SideAnswer): boolean =>
    sameInput(question.input, input) && question.target.space === SPACE_OF_DETAIL
  const known = before && after && isOf(before, answer) && isOf(after, edited)
  const [valuesA, valuesB] = known ? [before.answer?.values, after.answer?.values] : []
  const changes = useMemo(() => {
    if (!difference || !valuesA || !valuesB) return null
    const frame = alignedFrame('difference', answer, edited, difference, showSpecials)
    const strongest = attributionChanges(frame, answer, edited, valuesA, valuesB).slice(0, most)
    return strongest.map((change) => ({ ...change, token: tokenAt(frame, change.slot) }))
  }, [difference, answer, edited, showSpecials, valuesA, valuesB, most])
  const data = useMemo((): RankingData => {
    const rows = (changes ?? []).map(({ labels: [one, other], before, after, slot }) => ({
      key: String(slot),
      label: one === other ? one : `${one} → ${other}`,
      value: after - before,
      detail: `${format.signed(before)} → ${format.signed(after)}`,
    }))
    return { rows: rows.filter(({ value }) => value !== 0) }
  }, [changes, format])
  const unit = t('whatIf.detail.by', { method: t(`methods.${method}.name`), unit: t(`target.units.${SPACE_OF_DETAIL}`) })
  const error = before?.error ?? after?.error ?? null
  const tokenOf = (key: string | null) => changes?.find(({ slot }) => String(slot) === key)?.token ?? null
  const options: RankingOptions = {
    selected: null,
    hovered: null,
    max: Math.max(1e-9, ...data.rows.map(({ value }) => Math.abs(value))),
    kind: 'difference',
    words: {
      summary: t('whatIf.detail.tokens'),
      unit: target.space === SPACE_OF_DETAIL ? unit : `${unit} ${t('whatIf.detail.ofScore')}`,
      empty: changes ? t('whatIf.detail.noTokens') : t('asked.running'),
    },
    format: format.signed,
    onHover: (key) => actions.hover({ token: tokenOf(key) }),
    onSelect: (key) => {
      const token = tokenOf(key)
      if (token) actions.set({ token, key: null })
    },
  }
  return (
    <section aria-label={t('whatIf.detail.tokens')}>
      <h3>{t('whatIf.detail.tokens')}</h3>
      {error ? <p className="note note-error">{errorText(error)}</p> : <ChartHost draw={drawRanking} data={data} options={options} />}
    </section>
  )
}
