// Scores or weights of a head: queries down, keys across. What a query does not see is hatched.

import { type KeyboardEvent, type SyntheticEvent, useRef } from 'react'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { cellAt, walkCells } from '#views/kit/cell-walk'
import type { ReadToken } from '../api.ts'
import type { PathCell } from '../state/path.ts'
import { shortened } from './path-shared.ts'

interface PathGridProps {
  readonly title: string
  readonly symbol: string
  readonly caption: string
  readonly tokens: readonly ReadToken[]
  readonly shown: readonly number[]
  readonly valueAt: (cell: PathCell) => number
  readonly isMasked: (cell: PathCell) => boolean
  readonly isSigned: boolean
  readonly cell: PathCell
  readonly isLit: boolean
  readonly labelOf: (cell: PathCell, isMasked: boolean) => string
  readonly onCell: (cell: PathCell) => void
  readonly onEnter: () => void
  readonly onLeave: () => void
}

/** Numbers stand in the cells where they have room. */
const MOST_WITH_NUMBERS = 7

export function PathGrid(props: PathGridProps) {
  const { title, symbol, caption, tokens, shown, valueAt, isMasked, isSigned, cell, isLit, labelOf, onCell, onEnter, onLeave } = props
  const table = useRef<HTMLTableElement>(null)
  const seen = shown.flatMap((query) => shown.map((key) => ({ query, key }))).filter((one) => !isMasked(one))
  const largest = isSigned ? Math.max(1e-9, ...seen.map((one) => Math.abs(valueAt(one)))) : 1
  const withNumbers = shown.length <= MOST_WITH_NUMBERS
  const placeOf = (target: EventTarget) => {
    const place = cellAt(target)
    const [query, key] = [place && shown[place.row], place && shown[place.column]]
    return place === null || query == null || key == null ? null : { ...place, query, key }
  }
  const choose = (event: SyntheticEvent): void => {
    const place = placeOf(event.target)
    if (place !== null && (place.query !== cell.query || place.key !== cell.key)) onCell({ query: place.query, key: place.key })
  }
  const walk = (event: KeyboardEvent): void => {
    const place = placeOf(event.target)
    if (place === null) return
    if (event.key === 'Escape' || event.key === 'Enter') {
      event.preventDefault()
      if (event.key === 'Escape') onLeave()
      else onEnter()
      return
    }
    walkCells(event, table.current, place, { rows: shown.length, columns: shown.length })
  }
  const short = (at: number, letters: number): string => shortened(shownLabel(tokens[at]?.label ?? ''), letters)
  return (
    <figure className={isLit ? 'path-figure is-lit' : 'path-figure'}>
      <figcaption>
        <b>{symbol}</b> {title}
      </figcaption>
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked by arrow keys is a grid
        role="grid"
        aria-label={title}
        className={withNumbers ? 'path-grid has-numbers' : 'path-grid'}
        onClick={choose}
        onFocus={choose}
        onKeyDown={walk}
      >
        <thead>
          <tr>
            <td />
            {shown.map((at) => (
              <th key={at} scope="col" className={at === cell.key ? 'is-own' : undefined} title={shownLabel(tokens[at]?.label ?? '')}>
                <span>{short(at, 8)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((query, row) => (
            <tr key={query}>
              <th scope="row" className={query === cell.query ? 'is-own' : undefined}>
                {short(query, 8)}
              </th>
              {shown.map((key, column) => {
                const one = { query, key }
                const masked = isMasked(one)
                const value = masked ? 0 : valueAt(one)
                const isChosen = query === cell.query && key === cell.key
                const kind = masked ? 'is-masked' : !isSigned ? 'is-share' : value < 0 ? 'is-below' : 'is-above'
                return (
                  <td
                    key={key}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid
                    role="gridcell"
                    data-cell={`${row}.${column}`}
                    className={kind}
                    style={{ '--share': Math.abs(value) / largest }}
                    tabIndex={isChosen ? 0 : -1}
                    aria-selected={isChosen}
                    aria-label={labelOf(one, masked)}
                  >
                    {withNumbers && !masked && value.toFixed(2).replace('-', '−')}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="path-caption">{caption}</p>
    </figure>
  )
}
