// Many edits at once, one a row: what each changes in the answer, in attention and in the last hidden state.

import { type CSSProperties, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EditFamily, WhatIfRow } from '#protocol/engine-api'
import type { Settings } from '#share/settings'
import type { SideAnswer } from '#state/app-state'
import { sameInput } from '#state/panes'
import { indexOn } from '#state/token-ref'
import { EDIT_FAMILIES } from '#state/what-if'
import { CheckField } from '#ui/check-field'
import { TextField } from '#ui/text-field'
import { useApp, useServices } from '../app-context.tsx'
import { AskedStatus } from '../asked-status.tsx'
import { useErrorText } from '../use-error-text.tsx'
import { useFormat } from '../use-format.tsx'
import { useTargetText } from '../use-target-text.tsx'
import { useEditWords } from './edit-words.tsx'
import { attentionMoved, orderRows } from './order-rows.ts'

export function EditTable() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions, whatIf } = useServices()
  const settings = useApp((state) => state.settings)
  const answer = useApp((state) => state.a.answer)
  const asked = useApp((state) => state.whatIf)
  const token = indexOn('a', settings.token)
  const current = asked !== null && answer !== null && sameInput(asked.input, answer.input) ? asked : null
  const toggle = (family: EditFamily, on: boolean): void =>
    actions.set({ families: EDIT_FAMILIES.filter((known) => (known === family ? on : settings.families.includes(known))) })
  const rows = current?.answer ?? []
  const left = rows.at(-1)?.left ?? null
  const chosen = token === null ? undefined : answer?.row.tokens[token]
  return (
    <section className="what-if-part" aria-label={t('whatIf.table')}>
      <h2>{t('whatIf.table')}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is tried */}
      <div className="chart-heads" role="group" aria-label={t('whatIf.families')}>
        <span className="ui-label">{t('whatIf.families')}</span>
        {EDIT_FAMILIES.map((family) => (
          <CheckField
            key={family}
            label={t(`whatIf.family.${family}`)}
            isSelected={settings.families.includes(family)}
            onChange={(on) => toggle(family, on)}
          />
        ))}
      </div>
      <TextField
        label={chosen ? t('whatIf.words', { token: chosen.label.trim() }) : t('whatIf.wordsNoToken')}
        placeholder={t('whatIf.wordsExample')}
        value={settings.tryWords}
        onChange={(tryWords) => actions.set({ tryWords })}
      />
      <div className="chart-heads">
        <AskedStatus
          status={current?.status}
          progress={left === null ? t('attribution.running') : t('whatIf.left', { count: left })}
          onStop={() => whatIf.stop('whatIf')}
          onAgain={() => whatIf.again('whatIf')}
        />
      </div>
      {current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {answer && rows.length > 0 ? (
        <Rows rows={rows} answer={answer} />
      ) : (
        current?.status !== 'running' && (
          <p className="empty-state">{settings.families.length > 0 ? t('whatIf.nothing') : t('whatIf.none')}</p>
        )
      )}
      <p className="shows">
        {t('whatIf.tableShows')} <span className="shows-not">{t('whatIf.tableNot')}</span>
      </p>
    </section>
  )
}

/** Text from its beginning, and what is least like the text first; changes strongest first. */
const DIRECTIONS = { text: 'ascending', change: 'descending', attention: 'descending', similarity: 'ascending' } as const

const COLUMNS = [
  { by: 'text', name: 'edit' },
  { by: 'change', name: 'change' },
  { by: null, name: 'answer' },
  { by: 'attention', name: 'attention' },
  { by: 'similarity', name: 'similarity' },
] as const

function Rows({ rows, answer }: { readonly rows: readonly WhatIfRow[]; readonly answer: SideAnswer }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const order = useApp((state) => state.settings.whatIfOrder)
  const target = useTargetText()
  const [filter, setFilter] = useState('')
  const [turnedOnly, setTurnedOnly] = useState(false)
  const words = useEditWords()
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase()
    const kept = rows.filter((row) => (!turnedOnly || row.turned) && words(answer, row).toLowerCase().includes(wanted))
    return orderRows(kept, order)
  }, [rows, filter, turnedOnly, order, words, answer])
  const largest = rows.reduce((most, { output, before }) => Math.max(most, Math.abs(output - before)), 0) || 1
  return (
    <>
      <div className="chart-heads">
        <TextField label={t('whatIf.filter')} value={filter} onChange={setFilter} />
        <CheckField label={t('whatIf.turnedOnly')} isSelected={turnedOnly} onChange={setTurnedOnly} />
        <span className="note">{t('whatIf.count', { count: shown.length })}</span>
      </div>
      <section className="edit-table-scroll" aria-label={t('whatIf.rows')}>
        <table className="edit-table">
          <thead>
            <tr>
              {COLUMNS.map(({ by, name }) => (
                <th key={name} scope="col" aria-sort={by === order ? DIRECTIONS[by] : 'none'}>
                  {by === null ? (
                    t(`whatIf.columns.${name}`)
                  ) : (
                    <button type="button" className="edit-table-sort" onClick={() => actions.set({ whatIfOrder: by })}>
                      {t(`whatIf.columns.${name}`)}
                      {by === order && (DIRECTIONS[by] === 'ascending' ? ' ↑' : ' ↓')}
                    </button>
                  )}
                  {name === 'change' && <span className="note"> {t(`attribution.units.${target.space}`)}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <EditRow
                key={`${row.family} ${JSON.stringify(row.edits)}`}
                row={row}
                answer={answer}
                largest={largest}
                text={words(answer, row)}
              />
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

interface EditRowProps {
  readonly row: WhatIfRow
  readonly answer: SideAnswer
  readonly largest: number
  readonly text: string
}

function EditRow({ row, answer, largest, text }: EditRowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const { output, before, turned, attention, similarity } = row
  const change = output - before
  /** The edited text stands beside the text as it is: every difference is shown from there. */
  const open = (): void =>
    actions.open({ textB: answer.input.text, editsB: [...answer.input.edits, ...row.edits], against: 'b' } satisfies Partial<Settings>)
  return (
    <tr className={turned ? 'is-turned' : ''}>
      <th scope="row">
        <button type="button" className="edit-table-open" title={t('whatIf.openHint')} onClick={open}>
          {text}
        </button>
      </th>
      <td>
        <span className="edit-change">
          <span className="edit-bar" aria-hidden="true">
            <span
              className={change < 0 ? 'is-down' : 'is-up'}
              style={{ '--share': `${(50 * Math.abs(change)) / largest}%` } as CSSProperties}
            />
          </span>
          <span>{format.signed(change)}</span>
        </span>
      </td>
      <td>
        {row.answer === null ? '' : format.label(row.answer.trim())}
        {turned && <strong className="edit-turned"> {t('whatIf.turned')}</strong>}
      </td>
      <td>
        <span
          className="edit-layers"
          role="img"
          aria-label={t('whatIf.byLayer', { layers: Array.from(attention, format.percent).join(', ') })}
        >
          {Array.from(attention, (moved, layer) => ({ layer, moved })).map(({ layer, moved }) => (
            <span
              key={layer}
              title={t('whatIf.atLayer', { layer: layer + 1, moved: format.percent(moved) })}
              style={{ opacity: 0.08 + 0.92 * Math.min(1, moved * 2) }}
            />
          ))}
        </span>
        {format.percent(attentionMoved(row))}
      </td>
      <td>{similarity === null ? '–' : format.weight(similarity)}</td>
    </tr>
  )
}
