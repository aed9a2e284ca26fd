// What was generated, as tables for files.

import type { RecordTable } from '#panels/shared/export-tables.ts'
import type { AppState } from '#state/app-state'
import { currentNext, currentTree } from '../state/generate.ts'
import { pathTo } from '../state/tree.ts'

export function generateTables(state: AppState): readonly RecordTable[] {
  const tree = currentTree(state)
  const next = currentNext(state)
  const path = pathTo(tree, tree.at)
  return [
    ...(path.length === 0
      ? []
      : [
          {
            name: 'generated tokens',
            columns: ['token', 'id', 'probability', 'rank', 'surprise_bits', 'entropy_nats', 'temperature', 'seed'],
            records: path.map(({ token, probability, rank, choice }) => [
              token.label,
              token.id,
              probability,
              rank,
              -Math.log2(probability),
              choice.entropy,
              state.settings.temperature / 100,
              state.settings.seed,
            ]),
          },
        ]),
    ...(next === null
      ? []
      : [
          {
            name: 'next token',
            columns: ['token', 'id', 'probability', 'probability_at_temperature', 'probability_of_being_drawn'],
            records: next.candidates.map(({ label, id, probability, shaped, final }) => [label, id, probability, shaped, final]),
          },
        ]),
  ]
}
