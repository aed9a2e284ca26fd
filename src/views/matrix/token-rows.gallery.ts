// Values of tokens by several methods: signed and not, own and common scale, a row that is still coming, a long text.

import type { AxisToken } from '../kit/chart.ts'
import { type Example, manyTokens, nothing, sentence, threeDigits } from '../kit/gallery-data.ts'
import { drawTokenRows, type TokenRowsOptions } from './token-rows.ts'

const options: TokenRowsOptions = {
  scale: 'own',
  largest: null,
  selectedToken: null,
  words: {
    summary: 'Attribution of “positive”',
    token: 'token',
    unit: 'logit',
    share: 'share of the row’s strongest value',
    error: 'standard error',
  },
  format: threeDigits,
  onSelect: nothing,
  onHover: nothing,
}
const methods = [
  { label: 'Saliency', name: 'Saliency', unit: 'logit' },
  { label: 'Input × grad.', name: 'Input × gradient', unit: 'logit' },
  { label: 'Integrated', name: 'Integrated gradients', unit: 'logit' },
]

function rowsOf(name: string, tokens: readonly AxisToken[], rows: number, more: Partial<TokenRowsOptions> = {}, missing = 0): Example {
  const values = Float32Array.from({ length: rows * tokens.length }, (_, at) => {
    const row = Math.floor(at / tokens.length)
    if (row >= rows - missing) return Number.NaN
    const value = Math.sin(1 + at * 1.7) * (row + 1)
    return row === 0 ? Math.abs(value) : value
  })
  return { name, render: (element) => drawTokenRows(element, { tokens, rows: methods.slice(0, rows), values }, { ...options, ...more }) }
}

/** The second method took words 1 to 3 away together. */
function together(name: string): Example {
  const one = Float32Array.from(sentence, (_, at) => Math.sin(1 + at * 1.7))
  const spans = [[], [{ first: 1, last: 3, label: 'The film is' }]]
  const values = Float32Array.from([...one, ...one.map((value, at) => (at >= 1 && at <= 3 ? 0.8 : value / 2))])
  return { name, render: (element) => drawTokenRows(element, { tokens: sentence, rows: methods.slice(1), values, spans }, options) }
}

export const tokenRowsExamples: readonly Example[] = [
  rowsOf('token rows: three methods', sentence, 3, { selectedToken: 4 }),
  rowsOf('token rows: one scale', sentence, 3, { scale: 'same' }),
  rowsOf('token rows: one still to come', sentence, 3, {}, 1),
  rowsOf('token rows: 100 tokens', manyTokens(100), 2),
  rowsOf('token rows: one token', sentence.slice(0, 1), 1),
  together('token rows: three tokens as one'),
]
