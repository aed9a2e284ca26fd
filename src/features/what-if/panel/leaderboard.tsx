// Edits ranked by what they change. A row opens to its numbers and changes nothing; it has a button for each thing that can be done with it.

import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { Button } from '#ui/button'
import { orderRows, USUAL_DIRECTION, type WhatIfRow } from '../api.ts'
import { EditRow, type Speech } from './edit-row.tsx'
import { useEditWords } from './edit-words.tsx'
import { useEditActions } from './use-edit-actions.tsx'

const COLUMNS = [
  { by: 'text', name: 'edit' },
  { by: 'change', name: 'change' },
  { by: null, name: 'answer' },
  { by: 'attention', name: 'attention' },
  { by: 'similarity', name: 'similarity' },
] as const

/** Rows that are drawn at once: more would make typing stutter, and are read by nobody unasked. */
const DRAWN = 50

export interface LeaderboardProps {
  readonly rows: readonly WhatIfRow[]
  readonly answer: SideAnswer
}

export function Leaderboard({ rows, answer }: LeaderboardProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { whatIfOrder: order, whatIfDirection: direction } = useSettings('whatIfOrder', 'whatIfDirection')
  const { space } = useTargetText()
  const exported = useExportTarget()
  const editActions = useEditActions()
  const [drawn, setDrawn] = useState(DRAWN)
  const [open, setOpen] = useState<string | null>(null)
  const words = useEditWords(answer)
  const speech = useSpeech()
  const ordered = useMemo(() => orderRows(rows, order, direction), [rows, order, direction])
  const largest = useMemo(() => rows.reduce((most, { output, before }) => Math.max(most, Math.abs(output - before)), 0) || 1, [rows])
  const left = ordered.length - drawn
  return (
    <>
      <div className="leaderboard" ref={exported}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose an order */}
        <div className="leaderboard-head" role="group" aria-label={t('whatIf.sort')}>
          {/* Where rows are cards, their columns' names only say what they can be sorted by. */}
          <strong className="leaderboard-sort-by">{t('whatIf.sort')}</strong>
          {COLUMNS.map(({ by, name }) => {
            const text = t(`whatIf.columns.${name}`, { scale: t(`target.spaces.${space}`) })
            if (by === null) return <span key={name}>{text}</span>
            const isUp = (USUAL_DIRECTION[by] === 'ascending') === (direction === 'usual')
            return (
              <button
                key={name}
                type="button"
                className={`leaderboard-sort is-${name}`}
                aria-pressed={by === order}
                title={by === order ? t('whatIf.turnOrder') : t('whatIf.orderBy')}
                onClick={() =>
                  actions.set({ whatIfOrder: by, whatIfDirection: by === order && direction === 'usual' ? 'reversed' : 'usual' })
                }
              >
                {text}
                {by === order && <span aria-hidden="true">{isUp ? ' ↑' : ' ↓'}</span>}
              </button>
            )
          })}
        </div>
        <ol className="leaderboard-rows" aria-label={t('whatIf.rows')}>
          {ordered.slice(0, drawn).map((row) => {
            const key = rowKey(row)
            return (
              <EditRow
                key={key}
                row={row}
                largest={largest}
                speech={speech}
                text={words(row)}
                isOpen={open === key}
                onToggle={() => setOpen(open === key ? null : key)}
                onApply={() => editActions.apply(row.edits)}
                onOpenAsB={() => editActions.openAsB(row.edits)}
              />
            )
          })}
        </ol>
      </div>
      {ordered.length === 0 && <p className="empty-state">{t('whatIf.noneShown')}</p>}
      {left > 0 && (
        <p className="leaderboard-more">
          <span className="note">{t('whatIf.drawn', { shown: drawn, count: ordered.length })}</span>
          <Button look="quiet" onPress={() => setDrawn(drawn + DRAWN)}>
            {t('whatIf.drawMore', { count: Math.min(DRAWN, left) })}
          </Button>
        </p>
      )}
    </>
  )
}

function useSpeech(): Speech {
  const { t } = useTranslation()
  const format = useFormat()
  const { text, space } = useTargetText()
  return useMemo(
    () => ({
      format,
      flips: t('whatIf.flips'),
      apply: t('whatIf.apply'),
      openAsB: t('whatIf.openAsB'),
      applyTo: (edit) => t('whatIf.applyTo', { edit }),
      openAsBOf: (edit) => t('whatIf.openAsBOf', { edit }),
      target: t('whatIf.detail.target', { target: text, scale: t(`target.spaces.${space}`) }),
      probability: t('whatIf.detail.probability', { target: text }),
      attention: t('whatIf.columns.attention'),
      similarity: t('whatIf.columns.similarity'),
      layer: (layer) => t('whatIf.detail.layer', { layer: layer + 1 }),
      heads: t('whatIf.detail.heads'),
    }),
    [t, format, text, space],
  )
}

function rowKey({ family, edits }: WhatIfRow): string {
  return `${family} ${JSON.stringify(edits)}`
}
