// The matrices on screen as plain tables, for files that other programs read.

import { layOut } from '#state/frame'
import type { Pane } from '#state/panes'

export interface MatrixTable {
  /** a, b or difference. */
  readonly side: string
  /** "3.4", or how several heads were reduced. */
  readonly heads: string
  readonly tokens: readonly string[]
  /** Rows of [query][key]; null where a side has no such token. */
  readonly values: readonly (readonly (number | null)[])[]
}

export function paneTables(panes: readonly Pane[]): readonly MatrixTable[] {
  return panes.flatMap(({ side, frame, choice, matrices }) =>
    matrices.map((matrix) => {
      const width = frame.slots.length
      const values = Array.from(layOut(frame, matrix), (value) => (Number.isNaN(value) ? null : value))
      return {
        side,
        heads: matrix.head ? `${matrix.head.layer + 1}.${matrix.head.head + 1}` : `${choice.reduce} of ${choice.heads.length}`,
        tokens: frame.slots.map(({ label }) => label),
        values: frame.slots.map((_, row) => values.slice(row * width, (row + 1) * width)),
      }
    }),
  )
}

/** One line a cell: side, heads, query, key, value. */
export function toCsv(tables: readonly MatrixTable[]): string {
  const lines = tables.flatMap(({ side, heads, tokens, values }) =>
    values.flatMap((row, query) =>
      row.map((value, key) => [side, heads, query + 1, quoted(tokens[query]), key + 1, quoted(tokens[key]), value ?? ''].join(',')),
    ),
  )
  return ['side,heads,query_position,query,key_position,key,value', ...lines].join('\r\n')
}

/** A field that a spreadsheet reads as text: quotes doubled, and no formula even when a token starts like one. */
function quoted(text: string | undefined): string {
  const safe = /^[=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
  return `"${safe.replaceAll('"', '""')}"`
}
