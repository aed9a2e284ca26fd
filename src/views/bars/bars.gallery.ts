// Bars: probabilities with and without the other input, logits around zero, a long label.

import { type Example, signed, threeDigits } from '../kit/gallery-data.ts'
import { type Bar, type BarsOptions, drawBars } from './bars.ts'

const options: BarsOptions = {
  domain: [0, 1],
  unit: 'probability',
  format: threeDigits,
  formatChange: signed,
  words: { summary: 'Probability of each class', reference: 'B, and the change from it' },
}

function bars(name: string, rows: readonly Bar[], more: Partial<BarsOptions> = {}): Example {
  return { name, render: (element) => drawBars(element, { bars: rows }, { ...options, ...more }) }
}

export const barsExamples: readonly Example[] = [
  bars('bars: probabilities', [
    { label: 'NEGATIVE', value: 0.068, reference: null, strong: false },
    { label: 'POSITIVE', value: 0.932, reference: null, strong: true },
  ]),
  bars('bars: with the other input', [
    { label: 'NEGATIVE', value: 0.068, reference: 0.981, strong: false },
    { label: 'POSITIVE', value: 0.932, reference: 0.019, strong: true },
  ]),
  bars(
    'bars: logits',
    [
      { label: 'NEGATIVE', value: -2.31, reference: 1.9, strong: false },
      { label: 'POSITIVE', value: 2.62, reference: null, strong: true },
    ],
    { domain: [-4, 4], unit: 'logit' },
  ),
  bars('bars: many and long labels', [
    { label: 'contradiction between premise and hypothesis', value: 0.61, reference: null, strong: true },
    { label: '中立', value: 0.3, reference: null, strong: false },
    { label: 'entailment', value: 0.09, reference: null, strong: false },
    { label: 'none', value: 0, reference: null, strong: false },
  ]),
]
