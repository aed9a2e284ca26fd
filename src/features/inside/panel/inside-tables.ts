// What is read inside a model, as tables for files. Layers and heads count from 1, as on the page; layer 0 is the embedding.

import type { HeadRole } from '#methods/inside/head-roles'
import type { Cell, RecordTable } from '#panels/shared/export-tables.ts'
import type { AppState } from '#state/app-state'
import { partEffects } from '../state/effects.ts'
import { copyingOf, effectsOf, lensOf, randomCopyingOf, randomRolesOf, rolesOf, sharesOf, slopesOf } from '../state/inside.ts'
import { pathTables } from './path-tables.ts'

export function insideTables(state: AppState): readonly RecordTable[] {
  return [...pathTables(state), ...readTables(state)]
}

function readTables(state: AppState): readonly RecordTable[] {
  const lens = lensOf(state)?.answer ?? []
  const slopes = slopesOf(state)?.answer ?? null
  const shares = sharesOf(state)?.answer ?? null
  const tokens = state.a.answer?.row.tokens ?? []
  return [
    ...(lens.length === 0
      ? []
      : [
          {
            name: 'logit lens',
            columns: [
              'position',
              'token',
              'layer',
              'top',
              'probability',
              'entropy_nats',
              'kl_final_to_lens_nats',
              'target',
              'target_logprob',
              'target_rank',
            ],
            records: lens.flatMap(({ at, target, cells }) =>
              cells.map(({ top, probability, entropy, divergence, target: own }, layer): readonly Cell[] => [
                at + 1,
                tokens[at]?.label ?? '',
                layer,
                top.label,
                probability,
                entropy,
                divergence,
                target.label,
                own.logProbability,
                own.rank,
              ]),
            ),
          },
        ]),
    ...(slopes === null
      ? []
      : [
          {
            name: 'local Jacobian lens',
            columns: ['position', 'target', 'rather_than', 'layer', 'scale_held_logits', 'through_norm_logits'],
            records: slopes.scaleHeld.map((value, layer): readonly Cell[] => [
              slopes.position + 1,
              slopes.target.label,
              slopes.foil?.label ?? null,
              layer,
              value,
              slopes.throughNorm[layer] ?? null,
            ]),
          },
        ]),
    ...(shares === null
      ? []
      : [
          {
            name: 'direct logit attribution',
            columns: ['position', 'target', 'rather_than', 'component', 'layer', 'head', 'logits'],
            records: [
              { component: 'embedding', layer: null, head: null, value: shares.embedding },
              ...shares.heads.flatMap((values, layer) => values.map((value, head) => ({ component: 'head', layer, head, value }))),
              ...shares.mlps.map((value, layer) => ({ component: 'mlp', layer, head: null, value })),
              ...shares.biases.map((value, layer) => ({ component: 'attention bias', layer, head: null, value })),
              { component: 'final norm shift and output bias', layer: null, head: null, value: shares.constant },
              { component: 'sum', layer: null, head: null, value: shares.sum },
              { component: 'model', layer: null, head: null, value: shares.difference },
            ].map(({ component, layer, head, value }): readonly Cell[] => [
              shares.position + 1,
              shares.target.label,
              shares.foil?.label ?? null,
              component,
              layer === null ? null : layer + 1,
              head === null ? null : head + 1,
              value,
            ]),
          },
        ]),
    ...effectsTable(state),
    ...rolesTable('head roles', state, rolesOf),
    ...rolesTable('head roles on random tokens', state, randomRolesOf),
    ...copyingTable('copying', copyingOf(state)),
    ...copyingTable('copying on random tokens', randomCopyingOf(state)),
  ]
}

const ROLES: Readonly<Record<HeadRole, string>> = {
  previousToken: 'previous_token',
  self: 'self',
  firstToken: 'first_token',
  delimiters: 'delimiters',
  duplicateToken: 'duplicate_token',
  induction: 'induction',
  distance: 'distance_tokens',
  entropy: 'entropy_nats',
}

function rolesTable(name: string, state: AppState, read: typeof rolesOf): readonly RecordTable[] {
  const roles = read(state)?.answer?.roles
  if (roles === undefined) return []
  return [
    {
      name,
      columns: ['layer', 'head', ...Object.values(ROLES)],
      records: roles.self.flatMap((heads, layer) =>
        heads.map((_, head): readonly Cell[] => {
          const values = Object.keys(ROLES).map((role) => roles[role as HeadRole][layer]?.[head] ?? Number.NaN)
          return [layer + 1, head + 1, ...values.map((value) => (Number.isNaN(value) ? null : value))]
        }),
      ),
    },
  ]
}

function copyingTable(name: string, asked: ReturnType<typeof copyingOf>): readonly RecordTable[] {
  const found = asked?.answer
  if (typeof found !== 'object' || found === null) return []
  const { scores, tokens } = found
  const records = scores.flatMap((heads, layer) => heads.map((score, head): readonly Cell[] => [layer + 1, head + 1, score, tokens]))
  return [{ name, columns: ['layer', 'head', 'share_of_tokens', 'tokens'], records }]
}

function effectsTable(state: AppState): readonly RecordTable[] {
  const [shares, effects] = [sharesOf(state)?.answer, effectsOf(state)?.answer]
  if (!shares || !effects) return []
  const records = partEffects(shares, effects).map(({ layer, head, direct, total }): readonly Cell[] => [
    layer + 1,
    head === null ? null : head + 1,
    head === null ? 'mlp' : 'head',
    direct,
    total,
  ])
  return [
    { name: 'direct and total effects (zero ablation)', columns: ['layer', 'head', 'component', 'direct_logits', 'total_logits'], records },
  ]
}
