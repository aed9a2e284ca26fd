// What the What if tab shows, as tables for files: one line an edit, one line a counterfactual, or the matrix of pairs.

import { aboutTarget } from '#panels/shared/about-target.ts'
import type { ExportTable, MatrixTable, RecordTable } from '#panels/shared/export-tables.ts'
import { unitText } from '#panels/shared/unit-text.ts'
import type { AppState, SideAnswer } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { indexOn } from '#state/layout/token-ref'
import type { Slot } from '#state/slot'
import { optionsOf, type Subject, targetOf } from '#state/target'
import type { Token } from '#text/token'
import { attentionShift, type CounterfactualState, type FoundEdits, type Interactions, orderRows, type WhatIfRow } from '../api.ts'
import { COUNTERFACTUALS, EDITS, INTERACTIONS } from '../state/what-if.ts'

/** The part that is on screen; nothing where it is empty. */
export function whatIfTables(state: AppState): readonly ExportTable[] {
  const { answer } = state.a
  if (answer === null) return []
  const known = <Answer>({ of }: Slot<Answer, Subject>): Answer | null => {
    const asked = of(state)
    return asked !== null && sameInput(asked.question.input, answer.input) ? asked.answer : null
  }
  const { settings } = state
  const target = targetOf(settings, answer, indexOn('a', settings.token))
  const about = target === null ? {} : { about: { ...aboutTarget(settings, answer, target), unit: settings.unit } }
  switch (settings.whatIfView) {
    case 'scan': {
      const rows = orderRows(known(EDITS)?.rows ?? [], settings.whatIfOrder, settings.whatIfDirection)
      return rows.length === 0 ? [] : [{ ...scanTable(answer, rows), ...about }]
    }
    case 'counterfactuals': {
      const found = known(COUNTERFACTUALS)
      const table = found && counterfactualTable(answer, found, settings.counterfactualGoal)
      return table === null || table.records.length === 0 ? [] : [{ ...table, ...about }]
    }
    case 'interactions': {
      const found = settings.interactions === 'on' ? known(INTERACTIONS) : null
      return found === null ? [] : [{ ...interactionTable(answer, found), about: { ...about.about, absence: optionsOf(state).removal } }]
    }
  }
}

function scanTable({ row: { tokens } }: SideAnswer, rows: readonly WhatIfRow[]): RecordTable {
  const layers = rows[0]?.attention.length ?? 0
  const byLayer = Array.from({ length: layers }, (_, layer) => `attention_shift_layer_${layer + 1}`)
  return {
    name: 'single-edit scan',
    columns: [
      'rank',
      'edit',
      'token_position',
      'token',
      'replacement',
      'edited_text',
      'before',
      'after',
      'change',
      'probability_before',
      'probability_after',
      'answer',
      'answer_probability',
      'flips',
      'attention_shift',
      ...byLayer,
      'cosine_similarity',
    ],
    records: rows.map((row, rank) => [
      rank + 1,
      row.family,
      row.token + 1,
      unitText(tokens, row.tokens).trim(),
      row.word ?? (row.next === null ? null : unitText(tokens, row.next).trim()),
      editedText(tokens, row),
      row.before,
      row.output,
      row.output - row.before,
      row.probabilities.before,
      row.probabilities.after,
      row.answer?.trim() ?? null,
      row.answerProbability,
      row.flips,
      attentionShift(row),
      ...row.attention,
      row.similarity,
    ]),
  }
}

/** The text after an edit, as it would be read. */
function editedText(tokens: readonly Token[], { family, tokens: unit, next, word }: WhatIfRow): string {
  const own = tokens.flatMap(({ source }, at) => (source === 'template' ? [] : [at]))
  const text = (some: readonly number[]): string => unitText(tokens, some).trim()
  const parts = own.flatMap((at): readonly string[] => {
    if (at === unit[0]) {
      if (next !== null) return [text(next), text(unit)].map((one) => ` ${one}`)
      if (word !== null) return [` ${word}`]
      return family === 'mask' ? unit.map(() => ' [MASK]') : []
    }
    return unit.includes(at) || next?.includes(at) ? [] : [unitText(tokens, [at])]
  })
  return parts.join('').trim()
}

function counterfactualTable(answer: SideAnswer, { found, closest }: CounterfactualState, goal: string): RecordTable {
  const all = found.length > 0 ? found : closest ? [closest] : []
  const { tokens } = answer.row
  const changesOf = ({ changes }: FoundEdits): string =>
    changes.map(({ token, word }) => `${unitText(tokens, [token]).trim()} → ${word ?? '(deleted)'}`).join('; ')
  const changedText = ({ changes }: FoundEdits): string => {
    const words = new Map(changes.map(({ token, word }) => [token, word]))
    return tokens
      .map(({ source }, at) => {
        if (source === 'template') return ''
        const word = words.get(at)
        return word === undefined ? unitText(tokens, [at]) : word === null ? '' : ` ${word}`
      })
      .join('')
      .trim()
  }
  return {
    name: found.length > 0 ? 'counterfactuals' : 'closest change',
    columns: ['goal', 'changes', 'edited_text', 'edits', 'margin', 'reached', 'answer', 'answer_probability', 'target_probability'],
    records: all.map((one) => [
      goal,
      changesOf(one),
      changedText(one),
      one.changes.length,
      one.margin,
      one.margin < 0,
      one.answer?.label.trim() ?? null,
      one.answer?.probability ?? null,
      one.answer?.targetProbability ?? null,
    ]),
  }
}

function interactionTable(answer: SideAnswer, { units, values }: Interactions): MatrixTable {
  const labels = units.map((unit) => unitText(answer.row.tokens, unit).trim())
  const cell = (row: number, column: number): number | null => {
    const value = values[row * units.length + column] ?? Number.NaN
    return Number.isNaN(value) ? null : value
  }
  return {
    side: 'a',
    heads: 'pairwise interactions',
    rows: labels,
    columns: labels,
    values: labels.map((_, row) => labels.map((_, column) => cell(row, column))),
  }
}
