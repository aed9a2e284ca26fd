// One edit as a row of the table.

import { type CSSProperties, memo } from 'react'
import type { Format } from '#panels/shared/use-format.tsx'
import { attentionMoved, type WhatIfRow } from '../api.ts'

/** Words and numbers of all rows: each for itself would take longer to make them than to draw. */
export interface Speech {
  readonly open: string
  readonly close: string
  readonly turned: string
  readonly byLayer: (layers: string) => string
  readonly format: Format
  /** Names each layer's share of attention. */
  readonly layers: readonly string[]
}

export interface EditRowProps {
  readonly row: WhatIfRow
  /** The largest change of all. */
  readonly largest: number
  readonly speech: Speech
  readonly text: string
  readonly isOpen: boolean
  /** Of what opens. */
  readonly detail: string
  readonly onToggle: (row: WhatIfRow, element: Element) => void
}

/** The whole row opens; the button in it is the keyboard's way, and its click arrives at the row. */
export function EditRow({ row, largest, speech, text, isOpen, detail, onToggle }: EditRowProps) {
  return (
    <tr
      className={`is-openable${row.turned ? ' is-turned' : ''}${isOpen ? ' is-open' : ''}`}
      aria-current={isOpen ? 'true' : undefined}
      onClick={({ currentTarget }) => onToggle(row, currentTarget.querySelector('button') ?? currentTarget)}
    >
      <th scope="row">
        <button
          type="button"
          className="edit-table-open"
          title={isOpen ? speech.close : speech.open}
          aria-expanded={isOpen}
          aria-controls={isOpen ? detail : undefined}
        >
          {text}
        </button>
      </th>
      <Cells row={row} largest={largest} speech={speech} />
    </tr>
  )
}

/** A row's numbers stay as they are while other rows come. */
const Cells = memo(function Cells({ row, largest, speech }: Pick<EditRowProps, 'row' | 'largest' | 'speech'>) {
  const { format, layers } = speech
  const { output, before, turned, attention, similarity } = row
  const change = output - before
  return (
    <>
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
        {row.answer !== null && (row.answer.trim() === '' ? `“${row.answer}”` : format.label(row.answer.trim()))}
        {turned && <strong className="edit-turned"> {speech.turned}</strong>}
      </td>
      <td>
        <span className="edit-layers" role="img" aria-label={speech.byLayer(Array.from(attention, format.percent).join(', '))}>
          {Array.from(attention, (moved, layer) => ({ layer, moved })).map(({ layer, moved }) => (
            <span
              key={layer}
              title={`${layers[layer]} ${format.percent(moved)}`}
              style={{ opacity: 0.08 + 0.92 * Math.min(1, moved * 2) }}
            />
          ))}
        </span>
        {format.percent(attentionMoved(row))}
      </td>
      <td>{similarity === null ? '–' : format.weight(similarity)}</td>
    </>
  )
})
