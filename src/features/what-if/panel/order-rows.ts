// The order of the table's rows, and which of them are shown.

import type { Settings } from '#share/settings'
import type { WhatIfRow } from '../api.ts'

type Order = Settings['whatIfOrder']

/** Mean over layers of the share of attention that moved. */
export function attentionMoved({ attention }: Pick<WhatIfRow, 'attention'>): number {
  return attention.reduce((sum, value) => sum + value, 0) / Math.max(1, attention.length)
}

/** Usually text stands from its beginning, and what is least like the text first; changes strongest first. */
export const USUAL_DIRECTION = { text: 'ascending', change: 'descending', attention: 'descending', similarity: 'ascending' } as const

const RANK: Readonly<Record<Order, (row: WhatIfRow) => number | null>> = {
  text: ({ token }) => token,
  change: ({ output, before }) => Math.abs(output - before),
  attention: attentionMoved,
  similarity: ({ similarity }) => similarity,
}

/** Rows of equal rank stay in their order; those of unknown rank are last, whichever the direction. */
export function orderRows(rows: readonly WhatIfRow[], by: Order, direction: Settings['whatIfDirection'] = 'usual'): readonly WhatIfRow[] {
  const sign = (USUAL_DIRECTION[by] === 'ascending') === (direction === 'usual') ? 1 : -1
  const ranked = rows.map((row) => ({ row, rank: RANK[by](row) }))
  ranked.sort(({ rank: one }, { rank: other }) => {
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return sign * (one - other)
  })
  return ranked.map(({ row }) => row)
}
