// Arcs: both directions, a causal model, a focus, several heads, a long line.

import { attention, difference, type Example, manyTokens, nothing, sentence, signed, threeDigits, tokensOf } from '../kit/gallery-data.ts'
import { type ArcsData, type ArcsOptions, drawArcs } from './arcs.ts'

const options: ArcsOptions = {
  threshold: 0.06,
  selectedToken: null,
  hoveredToken: null,
  scale: { kind: 'attention', max: 1 },
  words: {
    query: 'query',
    key: 'key',
    summary: 'Attention of head 3.4 as arcs',
    hidden: 'weaker lines are not drawn',
    back: 'above: a token looks back, to earlier tokens',
    ahead: 'below: a token looks ahead, to later tokens',
    unit: 'attention',
  },
  format: threeDigits,
  onHoverToken: nothing,
  onSelectToken: nothing,
}

const one: ArcsData = {
  tokens: sentence,
  keys: sentence,
  heads: [{ key: '2.3', label: '3.4', colour: null, values: attention(10, 'broad', 3) }],
}

function arcs(name: string, data: ArcsData, more: Partial<ArcsOptions> = {}): Example {
  return { name, render: (element) => drawArcs(element, data, { ...options, ...more }) }
}

const long = manyTokens(80)
const chinese = tokensOf(['[CLS]', '这', '部', '电', '影', '一', '点', '也', '不', '差', '。', '👏', '[SEP]'])

export const arcsExamples: readonly Example[] = [
  arcs('arcs: both directions', one, { scale: { kind: 'attention', max: 0.4 } }),
  arcs(
    'arcs: causal',
    { ...one, heads: [{ key: '0', label: '1.1', colour: null, values: attention(10, 'causal', 6) }] },
    { threshold: 0.1 },
  ),
  arcs('arcs: a token in focus', one, { hoveredToken: 5, selectedToken: 4, scale: { kind: 'attention', max: 0.4 } }),
  arcs('arcs: three heads', {
    ...one,
    heads: (['previous', 'delimiter', 'diagonal'] as const).map((pattern, head) => ({
      key: `0.${head}`,
      label: `1.${head + 1}`,
      colour: head,
      values: attention(10, pattern, 3 + head),
    })),
  }),
  arcs(
    'arcs: difference',
    { ...one, heads: [{ key: 'd', label: 'A − B', colour: null, values: difference(10, 'broad', 4) }] },
    {
      scale: { kind: 'difference', max: 0.2 },
      threshold: 0.02,
      format: signed,
    },
  ),
  arcs(
    'arcs: 80 tokens',
    { tokens: long, keys: long, heads: [{ key: '0', label: '1.1', colour: null, values: attention(80, 'diagonal', 5) }] },
    { threshold: 0.02 },
  ),
  arcs('arcs: Chinese and emoji', {
    tokens: chinese,
    keys: chinese,
    heads: [{ key: '0', label: '1.1', colour: null, values: attention(13, 'previous', 5) }],
  }),
  arcs('arcs: one token', {
    tokens: sentence.slice(0, 1),
    keys: sentence.slice(0, 1),
    heads: [{ key: '0', label: '1.1', colour: null, values: Float32Array.of(1) }],
  }),
]
