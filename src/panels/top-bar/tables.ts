// The numbers on screen as plain tables, for files that other programs read.

import type { AppState } from '#state/app-state'
import { layOut, layOutRows } from '#state/frame'
import { type Pane, rowPanesOf } from '#state/panes'
import { overHeads } from '../attention/over-heads.ts'
import { contributionsOf, noSteps } from '../attribution/contributions.ts'
import { attributionRows, currentAttribution } from '../attribution/rows.ts'
import { sampledPanes, samplesOf, sampleText } from '../attribution/samples.ts'

type Cell = number | string | boolean | null

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
      values: rowsOf(layOutRows(frame, focus.layers, focus.tokens, overHeads(focus, values, reduce)), columns.length),
    })
    return [tableOf('from', focus.from), tableOf('to', focus.to)]
  })
}

/** Attributions on screen: a table for each pane, a row for each method; where steps lead to the output, with both their ends. */
export function attributionTables(state: AppState): readonly MatrixTable[] {
  const { methods, granularity, attributionChart: chart } = state.settings
  if (chart === 'samples') return sampleTables(state)
  const answers = { a: state.a.answer, reference: state.reference?.answer ?? null }
  return rowPanesOf(state).map((pane) => {
    const rows = attributionRows(pane, methods, state.attributions, { byWord: granularity === 'word', answers })
    const { columns, values } = rows
    const table = {
      side: pane.side,
      heads: 'attribution',
      rows: methods,
      columns: columns.map(({ axis }) => axis.label),
      values: rowsOf(values, columns.length),
    }
    if (chart !== 'waterfall' && chart !== 'force') return table
    const ends = methods.map((method, row) => {
      const [a, b] = [
        currentAttribution(state.attributions.a[method], answers.a),
        currentAttribution(state.attributions.reference[method], answers.reference),
      ]
      const own = pane.side === 'b' ? b : a
      if (own === null || noSteps(own) !== null) return STEPS.map(() => null)
      const { base, output, parts } = contributionsOf(pane.side, rows, row, { a, b }, { hidden: '', rest: '' })
      const sumOf = (kind: 'hidden' | 'rest'): number => parts.find((part) => part.kind === kind)?.value ?? 0
      return [base, sumOf('hidden'), sumOf('rest'), output].map(orNull)
    })
    return {
      ...table,
      columns: [...table.columns, ...STEPS],
      values: table.values.map((cells, row) => [...cells, ...(ends[row] ?? [])]),
    }
  })
}

const STEPS = ['base', 'tokens not shown', 'not explained', 'output'] as const

/** LIME's samples of each side on screen, most weight first. */
function sampleTables(state: AppState): readonly MatrixTable[] {
  return sampledPanes(rowPanesOf(state)).flatMap(({ side, answer }) => {
    const of = state.attributions[side === 'b' ? 'reference' : 'a'].lime
    const surrogate = currentAttribution(of, answer)?.surrogate
    if (!surrogate) return []
    const samples = samplesOf(surrogate, answer)
    return [
      {
        side: side === 'b' ? 'b' : 'a',
        heads: 'samples of LIME',
        rows: samples.map(sampleText),
        columns: ['model', 'line', 'weight'],
        values: samples.map(({ output, fitted, weight }) => [output, fitted, weight].map(orNull)),
      },
    ]
  })
}

function rowsOf(values: Float32Array, width: number): readonly (readonly (number | null)[])[] {
  const cells = Array.from(values, orNull)
  return Array.from({ length: width === 0 ? 0 : cells.length / width }, (_, row) => cells.slice(row * width, (row + 1) * width))
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

/** One line a cell: side, heads, row, column, value. */
export function toCsv(tables: readonly MatrixTable[]): string {
  const lines = tables.flatMap(({ side, heads, rows, columns, values }) =>
    values.flatMap((cells, row) =>
      cells.map((value, column) =>
        [quoted(side), quoted(heads), row + 1, quoted(rows[row]), column + 1, quoted(columns[column]), written(value)].join(','),
      ),
    ),
  )
  return ['side,heads,query_position,query,key_position,key,value', ...lines].join('\r\n')
}

function written(value: Cell): string {
  return typeof value === 'string' ? quoted(value) : String(value ?? '')
}

/** A field that a spreadsheet reads as text: quotes doubled, and no formula even when a token starts like one. */
function quoted(text: string | undefined): string {
  const safe = /^[=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
  return `"${safe.replaceAll('"', '""')}"`
}
