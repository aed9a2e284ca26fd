// Flows: one head, several heads, a focus, signed values, and more lines than can be drawn.

import { attention, difference, type Example, manyTokens, nothing, sentence, signed, threeDigits, tokensOf } from '../kit/gallery-data.ts'
import { drawFlow, type FlowData, type FlowOptions } from './flow.ts'

const options: FlowOptions = {
  threshold: 0.05,
  selectedToken: null,
  hoveredToken: null,
  scale: { kind: 'attention', max: 1 },
  words: {
    query: 'looks',
    key: 'is looked at',
    summary: 'Attention of head 3.4 as lines',
    hidden: 'weaker lines are not drawn',
    unit: 'attention',
  },
  format: threeDigits,
  onHoverToken: nothing,
  onSelectToken: nothing,
}

const one: FlowData = {
  tokens: sentence,
  keys: sentence,
  heads: [{ key: '2.3', label: '3.4', colour: null, values: attention(10, 'previous', 3) }],
}

const several: FlowData = {
  ...one,
  heads: (['previous', 'delimiter', 'diagonal'] as const).map((pattern, head) => ({
    key: `0.${head}`,
    label: `1.${head + 1}`,
    colour: head,
    values: attention(10, pattern, 3 + head),
  })),
}

function flow(name: string, data: FlowData, more: Partial<FlowOptions> = {}): Example {
  return { name, render: (element) => drawFlow(element, data, { ...options, ...more }) }
}

function large(count: number): FlowData {
  const tokens = manyTokens(count)
  return { tokens, keys: tokens, heads: [{ key: '0.0', label: '1.1', colour: null, values: attention(count, 'broad', 8) }] }
}

const odd = tokensOf(['[CLS]', '这部电影', '👩‍🏫', 'pneumonoultramicroscopicsilicovolcanoconiosis', '[SEP]'])

export const flowExamples: readonly Example[] = [
  flow('flow: one head', one),
  flow('flow: three heads', several, { threshold: 0.1 }),
  flow('flow: a token in focus', one, { hoveredToken: 5, selectedToken: 4, threshold: 0.02 }),
  flow(
    'flow: difference',
    { ...one, heads: [{ key: 'd', label: 'A − B', colour: null, values: difference(10, 'broad', 4) }] },
    {
      scale: { kind: 'difference', max: 0.2 },
      threshold: 0.01,
      format: signed,
    },
  ),
  flow('flow: 128 tokens, more lines than are drawn', large(128), { threshold: 0, scale: { kind: 'attention', max: 0.03 } }),
  flow('flow: long and other tokens', {
    tokens: odd,
    keys: odd,
    heads: [{ key: '0', label: '1.1', colour: null, values: attention(5, 'broad', 2) }],
  }),
  flow('flow: all zeros', { ...one, heads: [{ key: '0', label: '1.1', colour: null, values: new Float32Array(100) }] }),
  flow('flow: one token', {
    tokens: sentence.slice(0, 1),
    keys: sentence.slice(0, 1),
    heads: [{ key: '0', label: '1.1', colour: null, values: Float32Array.of(1) }],
  }),
]
