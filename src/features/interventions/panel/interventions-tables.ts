// What interventions find, as tables for files. Layers and heads count from 1, as on the page.

import type { Cell, RecordTable } from '#panels/shared/export-tables.ts'
import type { AppState } from '#state/app-state'
import { gatedOf, kindIn, patchedOf, sweepOf } from '../state/interventions.ts'

export function interventionsTables(state: AppState): readonly RecordTable[] {
  const view = state.settings.interveneView
  return view === 'patch' ? patchTables(state) : [...gateTables(state), ...sweepTables(state)]
}

function sweepTables(state: AppState): readonly RecordTable[] {
  const sweep = sweepOf(state)?.answer ?? null
  if (sweep === null) return []
  const records = sweep.kinds.flatMap(({ kind, layers }) =>
    layers.flatMap(({ layer, heads, attention, mlp, untouched }): readonly (readonly Cell[])[] => {
      const row = (part: string, head: number | null, number: number): readonly Cell[] => [
        kind,
        part,
        layer + 1,
        head,
        number,
        untouched - number,
      ]
      return [
        ...heads.map((number, head) => row('head', head + 1, number)),
        ...(attention === null ? [] : [row('attention', null, attention)]),
        ...(mlp === null ? [] : [row('mlp', null, mlp)]),
      ]
    }),
  )
  return [{ name: 'effect of parts', columns: ['kind', 'part', 'layer', 'head', 'logits_when_off', 'untouched_minus_off'], records }]
}

function gateTables(state: AppState): readonly RecordTable[] {
  const gated = gatedOf(state)?.answer ?? null
  const { gates } = state.settings
  if (gated === null) return []
  return [
    {
      name: 'measured',
      columns: ['target', 'rather_than', 'logits_untouched', 'logits_now'],
      records: [[gated.target, gated.foil, gated.untouched, gated.now]],
    },
    {
      name: 'answer with parts off',
      columns: ['answer', 'score_untouched', 'score_now', 'probability_untouched', 'probability_now'],
      records: gated.rows.map(({ label, untouched, now }): readonly Cell[] => [
        label,
        untouched.score,
        now.score,
        untouched.probability,
        now.probability,
      ]),
    },
    {
      name: 'parts off',
      columns: ['kind', 'part', 'layer', 'head', 'left'],
      records: gates.map(({ part, scale }): readonly Cell[] => [
        kindIn(state),
        part.kind,
        part.layer + 1,
        part.head === null ? null : part.head + 1,
        scale,
      ]),
    },
  ]
}

function patchTables(state: AppState): readonly RecordTable[] {
  const patched = patchedOf(state)?.answer ?? null
  const tokens = state.a.answer?.row.tokens ?? []
  if (patched === null) return []
  const { map, direction, groups, layers, target, foil, clean, corrupt } = patched
  return [
    { name: 'measured', columns: ['target', 'rather_than', 'logits_in_a', 'logits_in_b'], records: [[target, foil, clean, corrupt]] },
    {
      name: 'activation patching',
      columns: ['patched', 'direction', 'layer', groups === null ? 'position' : 'heads', 'token', 'logits', 'share'],
      records: layers.flatMap(({ layer, numbers, shares }) =>
        numbers.map((number, at): readonly Cell[] => [
          map,
          direction,
          layer + 1,
          groups === null ? at + 1 : (groups[at] ?? []).map((head) => head + 1).join(' '),
          groups === null ? (tokens[at]?.label ?? '') : null,
          number,
          shares[at] ?? null,
        ]),
      ),
    },
  ]
}
