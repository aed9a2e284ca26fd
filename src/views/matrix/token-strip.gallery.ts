// A method's row: signed and amounts, one of zeros, one that is still running, words removed together, a long text.

import type { AxisToken } from '../kit/chart.ts'
import { type Example, manyTokens, nothing, sentence, threeDigits } from '../kit/gallery-data.ts'
import { drawTokenAxis } from './token-axis.ts'
import { drawTokenStrip, type TokenStripData, type TokenStripOptions } from './token-strip.ts'

const options: TokenStripOptions = {
  scale: { kind: 'difference', max: 1 },
  isBlank: false,
  isFinished: true,
  selectedToken: null,
  words: { summary: 'Leave one out: attribution of “positive”', token: 'token', unit: 'logits', error: 'standard error' },
  format: threeDigits,
  formatCell: (value) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`,
  onSelect: nothing,
  onHover: nothing,
}

function stripOf(
  name: string,
  tokens: readonly AxisToken[],
  more: Partial<TokenStripOptions> = {},
  change: Partial<TokenStripData> = {},
): Example {
  const values = Float32Array.from(tokens, (_, at) => Math.sin(1 + at * 1.7))
  const errors = new Float32Array(tokens.length).fill(Number.NaN)
  return {
    name: `token strip: ${name}`,
    render: (element) => drawTokenStrip(element, { tokens, values, errors, spans: [], ...change }, { ...options, ...more }),
  }
}

const amounts = Float32Array.from(sentence, (_, at) => Math.abs(Math.sin(1 + at * 1.7)))
const some = Float32Array.from(sentence, (_, at) => (at < 6 ? Math.sin(1 + at * 1.7) : Number.NaN))
const together = { first: 1, last: 3, label: 'The film is' }

export const tokenStripExamples: readonly Example[] = [
  stripOf('signed', sentence, { selectedToken: 4 }),
  stripOf('amounts', sentence, { scale: { kind: 'attention', max: 1 } }, { values: amounts }),
  stripOf('zeros', sentence, { isBlank: true }),
  stripOf('still running', sentence, { isFinished: false }, { values: some }),
  stripOf('standard errors', sentence, {}, { errors: new Float32Array(sentence.length).fill(0.25) }),
  stripOf(
    'three tokens as one',
    sentence,
    {},
    { spans: [together], values: Float32Array.from(sentence, (_, at) => (at < 4 ? 0.8 : -0.3)) },
  ),
  stripOf('40 tokens', manyTokens(40)),
  stripOf('one token', sentence.slice(0, 1)),
  ...([10, 40] as const).map((count): Example => {
    const marks = { selectedToken: 2, hoveredToken: 5, onSelect: nothing, onHover: nothing }
    return { name: `token axis: ${count} tokens`, render: (element) => drawTokenAxis(element, { tokens: manyTokens(count) }, marks) }
  }),
]
