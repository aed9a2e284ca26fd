// What a chart says to a screen reader: a table beside the drawing, hidden from sight.

import { float32At } from '#tensor/vector'
import type { AxisToken } from './chart.ts'
import { showSpaces } from './labels.ts'
import { strongestPairs } from './pairs.ts'
import { type Slot, slot } from './slot.ts'

export interface Table {
  readonly caption: string
  /** The first heading stands over the row headings. */
  readonly headings: readonly string[]
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly TableCell[])[]
}

/** A text, over several rows where it says so; null where such a cell reaches down to. */
export type TableCell = string | { readonly text: string; readonly rows: number } | null

/** Largest side of a matrix that is read out whole. */
const wholeMatrix = 12
const strongest = 10

export interface MatrixWords {
  readonly summary: string
  readonly query: string
  readonly key: string
  readonly unit: string
  readonly gap: string
}

/**
 * Table of a [rows, columns] matrix: whole up to 12 tokens a side, its ten strongest pairs beyond.
 * @param aside [rows]: a last column, of what each row sends elsewhere
 */
export function matrixTable(
  rows: readonly AxisToken[],
  columns: readonly AxisToken[],
  values: Float32Array,
  words: MatrixWords & { readonly aside?: string },
  format: (value: number) => string,
  aside: Float32Array | null = null,
): Table {
  if (rows.length <= wholeMatrix && columns.length <= wholeMatrix) {
    return {
      caption: words.summary,
      headings: [
        `${words.query} / ${words.key}`,
        ...columns.map((token) => showSpaces(token.label)),
        ...(aside === null ? [] : [words.aside ?? '']),
      ],
      rows: rows.map((token, row) => [
        showSpaces(token.label),
        ...columns.map((_, column) => {
          const value = float32At(values, row * columns.length + column)
          return Number.isNaN(value) ? words.gap : format(value)
        }),
        ...(aside === null ? [] : [format(float32At(aside, row))]),
      ]),
    }
  }
  return {
    caption: words.summary,
    headings: [words.query, words.key, words.unit],
    rows: strongestPairs(values, columns.length, strongest).map((pair) => [
      showSpaces(rows[pair.row]?.label ?? ''),
      showSpaces(columns[pair.column]?.label ?? ''),
      format(pair.value),
    ]),
  }
}

/** Draws a table for screen readers only. */
export function drawTable<Kind extends HTMLElement>(parent: Slot<Kind>, table: Table): void {
  const node = slot(slot(parent, 'div', 'is-unseen'), 'table', 'is-table')
  slot(node, 'caption', 'is-caption').text(table.caption)
  const head = slot(slot(node, 'thead', 'is-thead'), 'tr', 'is-tr')
  head
    .selectAll<HTMLTableCellElement, string>('th,td')
    .data(table.headings)
    .join((enter) => enter.append((text) => document.createElement(text === '' ? 'td' : 'th')))
    .attr('scope', function () {
      return this.tagName === 'TH' ? 'col' : null
    })
    .text((text) => text)
  slot(node, 'tbody', 'is-tbody')
    .selectAll('tr')
    .data(table.rows)
    .join('tr')
    .selectAll<HTMLTableCellElement, NonNullable<TableCell>>('th,td')
    .data((row) => row.filter((cell) => cell !== null))
    .join((enter) => enter.append((_, index) => document.createElement(index === 0 ? 'th' : 'td')))
    .attr('scope', (_, index) => (index === 0 ? 'row' : null))
    .attr('rowspan', (cell) => (typeof cell === 'string' ? null : cell.rows))
    .text((cell) => (typeof cell === 'string' ? cell : cell.text))
}
