// One token through the layers: a sentence, a long text, one layer.

import type { AxisToken } from '../kit/chart.ts'
import { attention, type Example, manyTokens, nothing, sentence, threeDigits } from '../kit/gallery-data.ts'
import { drawTokenFocus, type TokenFocusOptions } from './token-focus.ts'

const options: TokenFocusOptions = {
  scale: { kind: 'attention', max: 0.6 },
  selectedLayer: null,
  words: {
    looksAt: '“not” looks at',
    lookedAtBy: '“not” is looked at by',
    layer: 'layer',
    summary: 'Attention of “not” in every layer',
    unit: 'attention',
  },
  format: threeDigits,
  onSelect: nothing,
  onHover: nothing,
}

function focus(name: string, tokens: readonly AxisToken[], token: number, layers: number, more: Partial<TokenFocusOptions> = {}): Example {
  const count = tokens.length
  const from = new Float32Array(layers * count)
  const to = new Float32Array(layers * count)
  for (let layer = 0; layer < layers; layer += 1) {
    const values = attention(count, layer % 3 === 0 ? 'diagonal' : layer % 3 === 1 ? 'previous' : 'delimiter', layer + 2)
    for (let other = 0; other < count; other += 1) {
      from[layer * count + other] = values[token * count + other] ?? 0
      to[layer * count + other] = values[other * count + token] ?? 0
    }
  }
  return { name, render: (element) => drawTokenFocus(element, { tokens, token, layers, from, to }, { ...options, ...more }) }
}

export const tokenFocusExamples: readonly Example[] = [
  focus('token focus: six layers', sentence, 4, 6, { selectedLayer: 2 }),
  focus('token focus: twelve layers, 48 tokens', manyTokens(48), 9, 12),
  focus('token focus: 300 tokens on canvas', manyTokens(300), 40, 6),
  focus('token focus: one layer, one token', sentence.slice(0, 1), 0, 1),
]
