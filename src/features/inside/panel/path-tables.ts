// The way from a token to the answer, and the head that is open, as tables for files. Blocks, heads and positions count from 1.

import type { Cell, RecordTable } from '#panels/shared/export-tables.ts'
import type { AppState } from '#state/app-state'
import type { HeadDetail, InferencePath } from '../api.ts'
import { headOf, pathOf } from '../state/path.ts'
import { numbersAt } from './head-numbers.ts'

export function pathTables(state: AppState): readonly RecordTable[] {
  const path = pathOf(state)?.answer ?? null
  const head = headOf(state)?.answer ?? null
  return [...(path === null ? [] : [pathTable(path)]), ...(head === null ? [] : [headTable(head)])]
}

/** A row a block, and last where the stream ends. */
function pathTable({ position, tokens, layers, norms, cosines, heads }: InferencePath): RecordTable {
  const names = Array.from({ length: heads }, (_, head) => `head_${head + 1}_adds`)
  return {
    name: 'inference path',
    columns: ['position', 'token', 'block', 'stream_length', 'cosine_with_end', 'attention_adds', 'mlp_adds', ...names],
    records: [...layers, null].map((layer, at): readonly Cell[] => [
      position + 1,
      tokens[position]?.label ?? '',
      layer === null ? 'end' : at + 1,
      norms[at * tokens.length + position] ?? null,
      cosines[at] ?? null,
      layer?.attention ?? null,
      layer?.mlp ?? null,
      ...names.map((_, head) => layer?.heads?.[head] ?? null),
    ]),
  }
}

function headTable(head: HeadDetail): RecordTable {
  const { tokens, layer } = head
  return {
    name: 'attention head',
    columns: ['block', 'head', 'query', 'query_token', 'key', 'key_token', 'q_dot_k', 'score', 'weight'],
    records: tokens.flatMap((from, query) =>
      tokens.map((to, key): readonly Cell[] => {
        const { product, score, weight, isMasked } = numbersAt(head, { query, key })
        return [layer + 1, head.head + 1, query + 1, from.label, key + 1, to.label, product, isMasked ? null : score, weight]
      }),
    ),
  }
}
