// The order of the table's rows, and which of them are shown.

import type { WhatIfRow } from '#protocol/engine-api'
import type { Settings } from '#share/settings'

/** Mean over layers of the share of attention that moved. */
export function attentionMoved({ attention }: Pick<WhatIfRow, 'attention'>): number {
  return attention.reduce((sum, value) => sum + value, 0) / Math.max(1, attention.length)
}

/** Strongest change first; by place in the text in the order of the words. */
export function orderRows(rows: readonly WhatIfRow[], by: Settings['whatIfOrder']): readonly WhatIfRow[] {
  const rank: Readonly<Record<Settings['whatIfOrder'], (row: WhatIfRow) => number>> = {
    text: ({ token }) => token,
    change: ({ output, before }) => -Math.abs(output - before),
    attention: (row) => -attentionMoved(row),
    similarity: ({ similarity }) => similarity ?? 2,
  }
  return rows.toSorted((one, other) => rank[by](one) - rank[by](other))
}
