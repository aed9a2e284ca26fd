// Heatmaps: ordinary, empty, large, signed, with gaps, and in other scripts.

import type { AxisToken } from '../kit/chart.ts'
import {
  attention,
  difference,
  type Example,
  manyTokens,
  nothing,
  sentence,
  signed,
  threeDigits,
  tokensOf,
  withGaps,
} from '../kit/gallery-data.ts'
import { drawHeatmap, type HeatmapOptions } from './heatmap.ts'

const options: HeatmapOptions = {
  scale: { kind: 'attention', max: 1 },
  unit: 'attention',
  selected: null,
  hovered: null,
  selectedToken: null,
  zoom: 'fit',
  words: { query: 'query', key: 'key', summary: 'Attention of head 3.4', gap: 'no token here', aside: 'sinks' },
  format: threeDigits,
  onHover: nothing,
  onSelect: nothing,
  onSelectToken: nothing,
}

const signedOptions: HeatmapOptions = { ...options, scale: { kind: 'difference', max: 0.3 }, unit: 'A − B', format: signed }

function heatmap(
  name: string,
  tokens: readonly AxisToken[],
  values: Float32Array,
  more: Partial<HeatmapOptions> = {},
  aside: Float32Array | null = null,
): Example {
  return { name, render: (element) => drawHeatmap(element, { rows: tokens, columns: tokens, values, aside }, { ...options, ...more }) }
}

const chinese = tokensOf(['[CLS]', '这', '部', '电', '影', '一', '点', '也', '不', '差', '。', '[SEP]'])
const odd = tokensOf([
  '<s>',
  '👩‍🏫',
  'pneumonoultramicroscopicsilicovolcanoconiosis',
  ' the',
  '\n',
  'naïve',
  '日本語テキスト',
  '🇪🇺',
  '</s>',
])
const aligned = tokensOf(['[CLS]', 'the', 'film', 'is', 'not', 'bad', '.', '[SEP]'], [4, 5], [4])

export const heatmapExamples: readonly Example[] = [
  heatmap('heatmap: ten tokens', sentence, attention(10, 'previous', 3)),
  heatmap('heatmap: selected cell and token, hovered cell', sentence, attention(10, 'diagonal', 5), {
    selected: { row: 4, column: 5 },
    hovered: { row: 7, column: 2 },
    selectedToken: 4,
  }),
  heatmap(
    'heatmap: sinks set aside, in a height',
    sentence.slice(1, -1),
    attention(8, 'previous', 4),
    { height: 300 },
    Float32Array.of(0.9, 0.1, 0.5, 0, 1, 0.3, 0.2, 0.7),
  ),
  heatmap('heatmap: difference with a gap', aligned, withGaps(difference(8, 'broad', 7), 8, [4]), signedOptions),
  heatmap('heatmap: 40 tokens, fitted', manyTokens(40), attention(40, 'delimiter', 9)),
  heatmap('heatmap: 40 tokens, readable', manyTokens(40), attention(40, 'diagonal', 9), { zoom: 'readable' }),
  heatmap('heatmap: 64 tokens', manyTokens(64), attention(64, 'causal', 10), { scale: { kind: 'attention', max: 0.2 } }),
  heatmap('heatmap: 128 tokens on canvas', manyTokens(128), attention(128, 'previous', 11)),
  heatmap('heatmap: 512 tokens on canvas', manyTokens(512), attention(512, 'diagonal', 12), { scale: { kind: 'attention', max: 0.5 } }),
  heatmap('heatmap: 128 tokens with gaps', manyTokens(128), withGaps(difference(128, 'broad', 13), 128, [20, 21, 90]), {
    ...signedOptions,
    scale: { kind: 'difference', max: 0.02 },
  }),
  heatmap('heatmap: one token', tokensOf(['[CLS]']), Float32Array.of(1)),
  heatmap('heatmap: no tokens', [], new Float32Array(0)),
  heatmap('heatmap: all zeros', sentence, new Float32Array(100)),
  heatmap('heatmap: nothing but gaps', sentence, new Float32Array(100).fill(Number.NaN)),
  heatmap('heatmap: Chinese', chinese, attention(12, 'previous', 17)),
  heatmap('heatmap: emoji, long and invisible tokens', odd, attention(9, 'broad', 19)),
]
