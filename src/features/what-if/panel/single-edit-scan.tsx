// The single-edit scan: what each edit by itself changes, those that flip the answer on top.

import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useService, useSettings } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { sameInput } from '#state/layout/panes'
import { settledAnswer } from '#state/target'
import { SelectBox } from '#ui/select-box'
import { isShown, type RowFilter } from '../api.ts'
import { EDITS, listedWords, WHAT_IF } from '../state/what-if.ts'
import { Leaderboard } from './leaderboard.tsx'
import { RefusedNotes } from './refused-notes.tsx'

const KINDS = ['word', 'mask', 'delete', 'neighbour', 'random', 'swap', 'typo'] as const

export function SingleEditScan() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const whatIf = useService(WHAT_IF)
  const settings = useSettings('tryWords')
  const answer = useApp((state) => state.a.answer)
  const asked = useApp(EDITS.of)
  const [filter, setFilter] = useState<RowFilter>('all')
  const current = asked !== null && answer !== null && sameInput(asked.question.input, answer.input) ? asked : null
  const rows = useMemo(() => current?.answer?.rows ?? [], [current])
  const left = current?.answer?.left ?? null
  const offered = (['all', 'flips', ...KINDS] as const).filter(
    (value) => value === 'all' || value === 'flips' || value === filter || rows.some(({ family }) => family === value),
  )
  const shown = useMemo(() => rows.filter((row) => isShown(row, filter)), [rows, filter])
  return (
    <section className="what-if-part" aria-label={t('whatIf.views.scan')}>
      <div className="what-if-status">
        <SelectBox
          label={t('whatIf.show')}
          value={filter}
          options={offered.map((value) => ({
            value,
            text: t('whatIf.filterCount', { what: t(`whatIf.filters.${value}`), count: rows.filter((row) => isShown(row, value)).length }),
          }))}
          onChange={setFilter}
        />
        <AskedStatus
          status={current?.status}
          progress={left === null ? t('asked.running') : t('whatIf.progress', { done: rows.length, total: rows.length + left })}
          onStop={() => whatIf.stop('edits')}
          onAgain={() => whatIf.again('edits')}
        />
      </div>
      <RefusedNotes refused={current?.answer?.refused ?? []} tooMany={listedWords(settings).tooMany} />
      {current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {answer && rows.length > 0 ? (
        <Leaderboard key={filter} rows={shown} answer={answer} />
      ) : (
        current?.status !== 'failed' && <Nothing isDone={current?.status === 'done'} />
      )}
    </section>
  )
}

/** Why there is no row: it is still to come, or there is none. */
function Nothing({ isDone }: { readonly isDone: boolean }): ReactNode {
  const { t } = useTranslation()
  const { families } = useSettings('families')
  const status = useApp(({ model }) => model.status)
  const noMask = useApp(({ model }) => model.status === 'ready' && model.card.maskToken === null)
  const hasAnswer = useApp(({ a }) => settledAnswer(a) !== null)
  if (families.length === 0) return <p className="empty-state">{t('whatIf.none')}</p>
  if (status === 'loading') return <p className="empty-state">{t('whatIf.waiting')}</p>
  if (status !== 'ready') return <p className="empty-state">{t('whatIf.noModel')}</p>
  if (!hasAnswer || !isDone) return null
  return <p className="empty-state">{families.includes('mask') && noMask ? t('whatIf.noMask') : t('whatIf.nothing')}</p>
}
