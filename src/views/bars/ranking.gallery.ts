// Rankings: signed changes, one hue, nothing to rank.

import { type Example, nothing, signed, threeDigits } from '../kit/gallery-data.ts'
import { drawRanking, type RankingOptions, type RankingRow } from './ranking.ts'

const options: RankingOptions = {
  selected: null,
  hovered: null,
  max: 0.5,
  kind: 'difference',
  words: { summary: 'Heads that changed most', unit: 'share of attention that moved, A − B', empty: 'No head changed.' },
  format: signed,
  onHover: nothing,
  onSelect: nothing,
}

const rows: readonly RankingRow[] = [
  { key: '3.6', label: '4.7', value: 0.412, detail: 'not → bad rose by 0.31' },
  { key: '1.0', label: '2.1', value: -0.286, detail: 'film → [SEP] fell by 0.22' },
  { key: '5.11', label: '6.12', value: 0.121, detail: 'pneumonoultramicroscopicsilicovolcanoconiosis → [CLS] rose by 0.09' },
  { key: '0.2', label: '1.3', value: 0.004, detail: '. → . rose by 0.003' },
]

function ranking(name: string, data: readonly RankingRow[], more: Partial<RankingOptions> = {}): Example {
  return { name, render: (element) => drawRanking(element, { rows: data }, { ...options, ...more }) }
}

export const rankingExamples: readonly Example[] = [
  ranking('ranking: signed', rows, { selected: '1.0' }),
  ranking(
    'ranking: one hue',
    rows.map((row) => ({ ...row, value: Math.abs(row.value) })),
    { kind: 'attention', format: threeDigits, hovered: '3.6' },
  ),
  ranking('ranking: nothing to rank', []),
]
