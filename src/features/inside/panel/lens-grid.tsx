// The logit lens as a grid: layers up, positions across, the most likely token in each cell.

import { type CSSProperties, type KeyboardEvent, type SyntheticEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { subjectOf } from '#state/target'
import { cellAt, cellIn, walkCells } from '#views/kit/cell-walk'
import type { LensCell } from '../api.ts'
import { lensOf, MOST_POSITIONS } from '../state/inside.ts'
import { useRowName } from './use-row-name.tsx'

export interface LookedCell {
  /** 0 for the embedding. */
  readonly layer: number
  /** Position in the text. */
  readonly at: number
}

interface LensGridProps {
  readonly looked: LookedCell | null
  readonly onLook: (cell: LookedCell) => void
}

export function LensGrid({ looked, onLook }: LensGridProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const rowName = useRowName()
  const table = useRef<HTMLTableElement>(null)
  const columns = useApp((state) => lensOf(state)?.answer ?? null)
  const tokens = useApp(({ a }) => a.answer?.row.tokens ?? null)
  const asked = useApp((state) => subjectOf(state)?.target.position ?? null)
  const rows = columns?.[0]?.cells.length ?? 0
  const atEnd = columns?.findIndex(({ at }) => at === asked) ?? -1
  useEffect(() => {
    // The asked position is seen at first.
    const cell = cellIn(table.current, { row: 0, column: Math.max(0, atEnd) })
    const box = table.current?.parentElement
    if (box && cell && cell.offsetLeft + cell.offsetWidth > box.scrollLeft + box.clientWidth)
      box.scrollLeft = cell.offsetLeft + cell.offsetWidth - box.clientWidth
  }, [atEnd])
  if (columns === null || columns.length === 0 || tokens === null) return <div className="lens lens-waiting" aria-busy="true" />

  const labelAt = (at: number): string => shownLabel(tokens[at]?.label ?? '')
  /** Rows are counted from the top, where the answer is. */
  const layerOf = (row: number): number => rows - 1 - row
  const look = (event: SyntheticEvent): void => {
    const place = cellAt(event.target)
    const column = place && columns[place.column]
    if (place !== null && column) onLook({ layer: layerOf(place.row), at: column.at })
  }
  const choose = (event: SyntheticEvent): void => {
    const place = cellAt(event.target)
    const column = place && columns[place.column]
    if (column && column.at !== asked) actions.set({ token: { side: 'a', index: column.at }, explains: 'after', target: null, foil: null })
  }
  const walk = (event: KeyboardEvent): void => {
    const place = cellAt(event.target)
    if (place === null) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      choose(event)
      return
    }
    walkCells(event, table.current, place, { rows, columns: columns.length })
  }
  const lookedColumn = columns.findIndex(({ at }) => at === looked?.at)
  const focusable =
    lookedColumn >= 0 && looked ? { row: layerOf(looked.layer), column: lookedColumn } : { row: 0, column: Math.max(0, atEnd) }
  return (
    <div className="lens">
      <h2>{t('inside.lens')}</h2>
      <Readout
        cell={lookedColumn < 0 || looked === null ? null : (columns[lookedColumn]?.cells[looked.layer] ?? null)}
        looked={looked}
        labelAt={labelAt}
      />
      <div className="lens-scroll" data-export-clipped="">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked by arrow keys is a grid */}
        <table ref={table} role="grid" aria-label={t('inside.lens')} onFocus={look} onMouseOver={look} onClick={choose} onKeyDown={walk}>
          <thead>
            <tr>
              <th scope="col">{t('inside.layer')}</th>
              {columns.map(({ at }) => (
                <th key={at} scope="col" aria-current={at === asked} title={labelAt(at)}>
                  {labelAt(at)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={layerOf(row)}>
                <th scope="row">{rowName(layerOf(row), rows - 1, true)}</th>
                {columns.map(({ at, cells }, column) => (
                  <Cell
                    key={at}
                    cell={cells[layerOf(row)] ?? null}
                    place={`${row}.${column}`}
                    isAsked={at === asked}
                    isFocusable={focusable.row === row && focusable.column === column}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="note">
        {t('inside.lensNote')}
        {tokens.length > MOST_POSITIONS && columns.length >= MOST_POSITIONS && ` ${t('inside.window', { count: columns.length })}`}
      </p>
    </div>
  )
}

interface CellProps {
  readonly cell: LensCell | null
  /** "row.column" */
  readonly place: string
  readonly isAsked: boolean
  readonly isFocusable: boolean
}

function Cell({ cell, place, isAsked, isFocusable }: CellProps) {
  const format = useFormat()
  if (cell === null) return <td />
  const style: CSSProperties & Record<'--share', string> = { '--share': String(cell.probability) }
  const label = shownLabel(cell.top.label)
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid
      role="gridcell"
      style={style}
      data-cell={place}
      tabIndex={isFocusable ? 0 : -1}
      aria-selected={isAsked}
      aria-label={`${label} ${format.percent(cell.probability)}`}
    >
      {label}
    </td>
  )
}

interface ReadoutProps {
  readonly cell: LensCell | null
  readonly looked: LookedCell | null
  readonly labelAt: (at: number) => string
}

/** The numbers of the cell that is pointed at. */
function Readout({ cell, looked, labelAt }: ReadoutProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const rowName = useRowName()
  const target = useApp((state) => lensOf(state)?.answer?.[0]?.target ?? null)
  const layers = useApp((state) => (lensOf(state)?.answer?.[0]?.cells.length ?? 1) - 1)
  if (cell === null || looked === null) return <p className="lens-readout note">{t('inside.pickCell')}</p>
  return (
    <p className="lens-readout">
      <b>{t('inside.at', { row: rowName(looked.layer, layers, false), token: labelAt(looked.at) })}</b>
      {' · '}
      {t('inside.top', { token: shownLabel(cell.top.label), probability: format.percent(cell.probability) })}
      {target && (
        <>
          {' · '}
          {t('inside.target', {
            token: shownLabel(target.label),
            probability: format.percent(Math.exp(cell.target.logProbability)),
            rank: format.count(cell.target.rank),
          })}
        </>
      )}
      {' · '}
      {t('inside.numbers', { entropy: format.weight(cell.entropy), divergence: format.weight(cell.divergence) })}
    </p>
  )
}
