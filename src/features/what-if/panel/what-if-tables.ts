// What the What if tab shows, as tables for files.

import { aboutTarget } from '#panels/shared/about-target.ts'
import type { MatrixTable } from '#panels/shared/export-tables.ts'
import { unitText } from '#panels/shared/unit-text.ts'
import type { AppState, SideAnswer } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { indexOn } from '#state/layout/token-ref'
import type { Slot } from '#state/slot'
import { type Subject, targetOf } from '#state/target'
import { attentionMoved, type CounterfactualState, type FoundEdits, type Interactions, orderRows } from '../api.ts'
import { COUNTERFACTUALS, EDITS, INTERACTIONS } from '../state/what-if.ts'
import { tokenNames } from './token-names.ts'

/** The edits in the order of the table, the changes that were found, and the pairs; what was not asked for is left out. */
export function whatIfTables(state: AppState): readonly MatrixTable[] {
  const { answer } = state.a
  if (answer === null) return []
  const known = <Answer>({ of }: Slot<Answer, Subject>): Answer | null => {
    const asked = of(state)
    return asked !== null && sameInput(asked.question.input, answer.input) ? asked.answer : null
  }
  const { settings } = state
  const interactions = known(INTERACTIONS)
  const target = targetOf(settings, answer, indexOn('a', settings.token))
  const about = target === null ? {} : { about: aboutTarget(settings, answer, target) }
  return [
    editsTable(answer, orderRows(known(EDITS)?.rows ?? [], settings.whatIfOrder, settings.whatIfDirection)),
    ...foundTables(answer, known(COUNTERFACTUALS), settings.counterfactualGoal),
    ...(interactions && settings.interactions === 'on' ? [interactionsTable(answer, interactions)] : []),
  ].flatMap((table) => (table.rows.length > 0 ? [{ ...table, ...about }] : []))
}

function editsTable(answer: SideAnswer, rows: ReturnType<typeof orderRows>): MatrixTable {
  const layers = rows[0]?.attention.length ?? 0
  const names = tokenNames(answer.row.tokens)
  const byLayer = Array.from({ length: layers }, (_, layer) => `attention moved in layer ${layer + 1}`)
  return {
    side: 'a',
    heads: 'what if',
    rows: rows.map(({ family, token, word }) => {
      const tokens = [names[token] ?? '', ...(family === 'swap' ? [names[token + 1] ?? ''] : [])]
      return [family, ...tokens, ...(word === null ? [] : [word])].join(' ')
    }),
    columns: ['token', 'target', 'before', 'change', 'answer', 'turned', 'attention moved', ...byLayer, 'likeness'],
    values: rows.map((row) => [
      row.token + 1,
      row.output,
      row.before,
      row.output - row.before,
      row.answer,
      row.turned,
      attentionMoved(row),
      ...row.attention,
      row.similarity,
    ]),
  }
}

function foundTables(answer: SideAnswer, state: CounterfactualState | null, goal: string): readonly MatrixTable[] {
  if (state === null) return []
  const { found, closest } = state
  const names = tokenNames(answer.row.tokens)
  const all = found.length > 0 ? found : closest ? [closest] : []
  const changesOf = ({ changes }: FoundEdits): string =>
    changes.map(({ token, word }) => `${names[token] ?? ''} → ${word ?? '(deleted)'}`).join('; ')
  return [
    {
      side: 'a',
      heads: found.length > 0 ? 'smallest changes found' : 'closest change',
      rows: all.map(changesOf),
      columns: ['goal', 'changes', 'margin', 'reached'],
      values: all.map(({ changes, margin }) => [goal, changes.length, margin, margin < 0]),
    },
  ]
}

function interactionsTable(answer: SideAnswer, { units, values }: Interactions): MatrixTable {
  const labels = units.map((unit) => unitText(answer.row.tokens, unit).trim())
  const cell = (row: number, column: number): number | null => {
    const value = values[row * units.length + column] ?? Number.NaN
    return Number.isNaN(value) ? null : value
  }
  return {
    side: 'a',
    heads: 'pairs: together beyond each alone',
    rows: labels,
    columns: labels,
    values: labels.map((_, row) => labels.map((_, column) => cell(row, column))),
  }
}
