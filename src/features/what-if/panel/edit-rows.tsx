// The rows of the table: each an edit that can be opened to see what it does.

import { Fragment, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import type { SideAnswer } from '#state/app-state'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { TextField } from '#ui/text-field'
import { orderRows, USUAL_DIRECTION, type WhatIfRow } from '../api.ts'
import { EditDetail } from './edit-detail.tsx'
import { EditRow, type Speech } from './edit-row.tsx'
import { useEditWords } from './edit-words.tsx'
import { useOpenedEdits } from './use-opened-edits.ts'
import { useStayInPlace } from './use-stay-in-place.ts'

const COLUMNS = [
  { by: 'text', name: 'edit' },
  { by: 'change', name: 'change' },
  { by: null, name: 'answer' },
  { by: 'attention', name: 'attention' },
  { by: 'similarity', name: 'similarity' },
] as const

/** Rows that are drawn at once: more would make typing stutter, and are read by nobody unasked. */
const DRAWN = 50

const DETAIL = 'edit-detail'

export interface EditRowsProps {
  readonly rows: readonly WhatIfRow[]
  readonly answer: SideAnswer
  /** Whether what is open was opened here. */
  readonly isPlace: boolean
  readonly onOpen: () => void
}

export function EditRows({ rows, answer, isPlace, onOpen }: EditRowsProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { whatIfOrder: order, whatIfDirection: direction } = useSettings('whatIfOrder', 'whatIfDirection')
  const target = useTargetText()
  const opened = useOpenedEdits()
  const stay = useStayInPlace()
  const [filter, setFilter] = useState('')
  const [turnedOnly, setTurnedOnly] = useState(false)
  const [drawn, setDrawn] = useState(DRAWN)
  /** Of several rows with the same edits the one that was clicked. */
  const [clicked, setClicked] = useState('')
  const scroll = useRef<HTMLElement>(null)
  const words = useEditWords(answer)
  const wanted = useDeferredValue(filter).trim().toLowerCase()
  const shown = useMemo(() => {
    const kept = rows.filter((row) => (!turnedOnly || row.turned) && (wanted === '' || words(row).toLowerCase().includes(wanted)))
    return orderRows(kept, order, direction)
  }, [rows, wanted, turnedOnly, order, direction, words])
  const largest = useMemo(() => rows.reduce((most, { output, before }) => Math.max(most, Math.abs(output - before)), 0) || 1, [rows])
  const format = useFormat()
  const speech = useMemo(
    (): Speech => ({
      open: t('whatIf.openHint'),
      close: t('whatIf.closeHint'),
      turned: t('whatIf.turned'),
      byLayer: (layers) => t('whatIf.byLayer', { layers }),
      layers: Array.from({ length: answer.layers }, (_, layer) => t('whatIf.atLayer', { layer: layer + 1 })),
      format,
    }),
    [answer.layers, t, format],
  )
  const isOpen = (row: WhatIfRow): boolean => isPlace && opened.isOpen(row.edits)
  const openAt = Math.max(
    shown.findIndex((row) => isOpen(row) && rowKey(row) === clicked),
    shown.findIndex(isOpen),
  )
  const visible = Math.max(drawn, openAt + 1)
  const left = shown.length - visible
  const toggle = (row: WhatIfRow, element: Element): void => {
    stay(element)
    if (shown[openAt] === row) opened.close()
    else {
      setClicked(rowKey(row))
      onOpen()
      opened.open(row.edits)
    }
  }
  return (
    <>
      <div className="chart-heads">
        <TextField label={t('whatIf.filter')} value={filter} onChange={setFilter} />
        <CheckField label={t('whatIf.turnedOnly')} isSelected={turnedOnly} onChange={setTurnedOnly} />
        <span className="note">{t('whatIf.count', { count: shown.length })}</span>
      </div>
      <section ref={scroll} className="edit-table-scroll" aria-label={t('whatIf.rows')}>
        <table className="edit-table">
          <thead>
            <tr>
              {COLUMNS.map(({ by, name }) => {
                const usual = by !== null && (USUAL_DIRECTION[by] === 'ascending') === (direction === 'usual') ? 'ascending' : 'descending'
                return (
                  <th key={name} scope="col" aria-sort={by === order ? usual : 'none'}>
                    {by === null ? (
                      t(`whatIf.columns.${name}`)
                    ) : (
                      <button
                        type="button"
                        className="edit-table-sort"
                        title={by === order ? t('whatIf.turnOrder') : t('whatIf.orderBy')}
                        onClick={() =>
                          actions.set({
                            whatIfOrder: by,
                            whatIfDirection: by === order && direction === 'usual' ? 'reversed' : 'usual',
                          })
                        }
                      >
                        {t(`whatIf.columns.${name}`)}
                        {by === order && (usual === 'ascending' ? ' ↑' : ' ↓')}
                      </button>
                    )}
                    {name === 'change' && <span className="note"> {t(`target.units.${target.space}`)}</span>}
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, visible).map((row, at) => (
              <Fragment key={rowKey(row)}>
                <EditRow
                  row={row}
                  largest={largest}
                  speech={speech}
                  text={words(row)}
                  isOpen={at === openAt}
                  detail={DETAIL}
                  onToggle={toggle}
                />
                {at === openAt && (
                  <tr className="edit-table-detail">
                    <td colSpan={COLUMNS.length}>
                      <EditDetail
                        id={DETAIL}
                        name={words(row)}
                        answer={answer}
                        outputs={row}
                        onClose={() => {
                          // The button goes with the detail; the focus goes to the row.
                          const button = scroll.current?.querySelector<HTMLElement>('[aria-expanded="true"]')
                          if (button) stay(button)
                          button?.focus({ preventScroll: true })
                          opened.close()
                        }}
                      />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
        {left > 0 && (
          <p className="edit-table-more">
            <span className="note">{t('whatIf.drawn', { shown: visible, count: shown.length })}</span>
            <Button look="quiet" onPress={() => setDrawn(visible + DRAWN)}>
              {t('whatIf.drawMore', { count: Math.min(DRAWN, left) })}
            </Button>
          </p>
        )}
      </section>
    </>
  )
}

function rowKey({ family, edits }: WhatIfRow): string {
  return `${family} ${JSON.stringify(edits)}`
}
