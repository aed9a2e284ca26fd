// The numbers on screen as plain tables, for files that other programs read.

import type { Baseline, Removal, TargetSpace, Unit } from '#catalogue/attribution-options'
import { layOut, layOutRows } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import { reduceHeads } from '#state/layout/reduce-heads'

export type Cell = number | string | boolean | null

export interface MatrixTable {
  /** a, b or difference. */
  readonly side: string
  /** "3.4", or how several heads were reduced. */
  readonly heads: string
  /** Tokens that look; of one token's view, the layers. */
  readonly rows: readonly string[]
  /** Tokens that are looked at; of one token's view, its partners. */
  readonly columns: readonly string[]
  /** [row][column]; null where a side has no such token. */
  readonly values: readonly (readonly Cell[])[]
  /** [row][column]: standard errors of values that are means; null, or all left out, where there are none. */
  readonly errors?: readonly (readonly (number | null)[])[]
  /** Left out where nothing was asked. */
  readonly about?: Partial<About>
}

/** One line an item: edits that were tried, changes that were found. */
export interface RecordTable {
  readonly name: string
  readonly columns: readonly string[]
  /** [item][column] */
  readonly records: readonly (readonly Cell[])[]
  /** Left out where nothing was asked. */
  readonly about?: Partial<About>
}

export type ExportTable = MatrixTable | RecordTable

function isRecordTable(table: ExportTable): table is RecordTable {
  return 'records' in table
}

/** What was asked, and what the answer took; null for what a method does not have. Names are those of files. */
export interface About {
  readonly target: string
  readonly rather_than: string | null
  /** Where a model with an answer for each token was asked, from 1. */
  readonly target_position: number | null
  readonly target_space: TargetSpace
  /** What was taken away at once, and what stood in its place. */
  readonly unit: Unit | null
  readonly absence: Removal | null
  /** Where integration begins; the point of the residual stream, 0 for the embeddings; noise in percent of an embedding; units that LIME may use, 0 for all. */
  readonly baseline: Baseline | null
  readonly layer: number | null
  readonly noise_percent: number | null
  readonly lime_units: number | null
  readonly runs: number
  readonly runs_known_before: number
  /** Whether no run is left to come. */
  readonly is_finished: boolean
  /** Of all signed values, and what the method says they should add up to; null of a difference, or where it does not say. */
  readonly sum: number | null
  readonly expected_sum: number | null
}

/** The matrices of a heatmap or of lines. */
export function paneTables(panes: readonly Pane[]): readonly MatrixTable[] {
  return panes.flatMap(({ side, frame, choice, matrices }) => {
    const labels = frame.slots.map(({ label }) => label)
    return matrices.map((matrix) => ({
      side,
      heads: matrix.head ? `${matrix.head.layer + 1}.${matrix.head.head + 1}` : `${choice.reduce} of ${choice.heads.length}`,
      rows: labels,
      columns: labels,
      values: rowsOf(layOut(frame, matrix), labels.length),
    }))
  })
}

/** One token's view: per side, what it looks at and what looks at it, by layer. */
export function focusTables(panes: readonly Pane[], reduce: 'each' | 'mean' | 'max'): readonly MatrixTable[] {
  return panes.flatMap(({ side, frame, answer }) => {
    const { focus } = answer
    if (!focus) return []
    const columns = frame.slots.map(({ label }) => label)
    const token = answer.row.tokens[focus.token]?.label ?? ''
    const tableOf = (name: string, values: Float32Array): MatrixTable => ({
      side: `${side}: ${name} ${token}`,
      heads: `${reduce === 'max' ? 'max' : 'mean'} of ${focus.heads} a layer`,
      rows: Array.from({ length: focus.layers }, (_, layer) => `layer ${layer + 1}`),
      columns,
      values: rowsOf(layOutRows(frame, focus.layers, focus.tokens, reduceHeads(focus, values, reduce)), columns.length),
    })
    return [tableOf('from', focus.from), tableOf('to', focus.to)]
  })
}

function rowsOf(values: Float32Array, width: number): readonly (readonly (number | null)[])[] {
  const cells = Array.from(values, orNull)
  return Array.from({ length: width === 0 ? 0 : cells.length / width }, (_, row) => cells.slice(row * width, (row + 1) * width))
}

export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

const ABOUT = [
  'target',
  'rather_than',
  'target_position',
  'target_space',
  'unit',
  'absence',
  'baseline',
  'layer',
  'noise_percent',
  'lime_units',
  'runs',
  'runs_known_before',
  'is_finished',
  'sum',
  'expected_sum',
] as const satisfies readonly (keyof About)[]

/** Above, what is the same in every line stands in the first one alone: files of large matrices would be mostly that. */
const REPEATED_UP_TO = 10_000

/**
 * Matrices: one line a cell, with side, heads, row, column, value; where something was asked, its standard error and the question.
 * Records: one line an item. Both with where they come from at the end of each line.
 */
export function toCsv(tables: readonly ExportTable[], source: Readonly<Record<string, Cell>> = {}): string {
  const blocks = [
    csvOfMatrices(tables.flatMap((table) => (isRecordTable(table) ? [] : [table]))),
    ...tables.filter(isRecordTable).map(csvOfRecords),
  ]
  const names = Object.keys(source)
  return blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ head, lines }) => {
      const values = Object.values(source).map(written)
      const none = values.map(() => '')
      const isRepeated = lines.length <= REPEATED_UP_TO
      return [[...head, ...names].join(','), ...lines.map((line, at) => [...line, ...(isRepeated || at === 0 ? values : none)].join(','))]
    })
    .map((lines) => lines.join('\r\n'))
    .join('\r\n\r\n')
}

interface CsvBlock {
  readonly head: readonly string[]
  readonly lines: readonly (readonly (string | number)[])[]
}

const MATRIX_COLUMNS = ['side', 'heads', 'query_position', 'query', 'key_position', 'key', 'value']

function csvOfMatrices(tables: readonly MatrixTable[]): CsvBlock {
  const asked = tables.some(({ about }) => about !== undefined)
  const lines = tables.flatMap(({ side, heads, rows, columns, values, errors, about }) => {
    const question = asked ? ABOUT.map((name) => written(about?.[name] ?? null)) : []
    return values.flatMap((cells, row) =>
      cells.map((value, column) => {
        const place = [quoted(side), quoted(heads), row + 1, quoted(rows[row]), column + 1, quoted(columns[column])]
        const error = asked ? [written(errors?.[row]?.[column] ?? null)] : []
        return [...place, written(value), ...error, ...question]
      }),
    )
  })
  return { head: [...MATRIX_COLUMNS, ...(asked ? ['standard_error', ...ABOUT] : [])], lines }
}

function csvOfRecords({ columns, records, about }: RecordTable): CsvBlock {
  const question = ABOUT.filter((name) => about?.[name] !== undefined)
  const answers = question.map((name) => written(about?.[name] ?? null))
  return { head: [...columns, ...question], lines: records.map((cells) => [...cells.map(written), ...answers]) }
}

/** Tables for programs: matrices as they are, records as objects. */
export function toJsonTables(tables: readonly ExportTable[]): readonly object[] {
  return tables.map((table) => {
    if (!isRecordTable(table)) return table
    const { name, columns, records, about } = table
    return {
      name,
      about: about ?? null,
      records: records.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null]))),
    }
  })
}

function written(value: Cell): string {
  return typeof value === 'string' ? quoted(value) : String(value ?? '')
}

/** A field that a spreadsheet reads as text: quotes doubled, and no formula even when a token starts like one. */
function quoted(text: string | undefined): string {
  const safe = /^[=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
  return `"${safe.replaceAll('"', '""')}"`
}
