// Dots: probabilities of two inputs, close together, logits around zero, long labels.

import { type Example, signed, threeDigits } from '../kit/gallery-data.ts'
import { type DotRow, type DotsOptions, drawDots } from './dots.ts'

const options: DotsOptions = {
  domain: [0, 1],
  unit: 'probability',
  format: threeDigits,
  formatChange: signed,
  words: { summary: 'Probability of each class', a: 'A', b: 'B', difference: 'A − B' },
}

function dots(name: string, rows: readonly DotRow[], more: Partial<DotsOptions> = {}): Example {
  return { name, render: (element) => drawDots(element, { rows }, { ...options, ...more }) }
}

export const dotsExamples: readonly Example[] = [
  dots('dots: probabilities', [
    { label: 'NEGATIVE', a: 0.068, b: 0.981, strong: false, detail: '' },
    { label: 'POSITIVE', a: 0.932, b: 0.019, strong: true, detail: '+6.618 logits' },
  ]),
  dots('dots: nearly the same', [
    { label: 'NEGATIVE', a: 0.068, b: 0.068, strong: false, detail: '' },
    { label: 'POSITIVE', a: 0.932, b: 0.91, strong: true, detail: '' },
  ]),
  dots('dots: logits', [{ label: 'NEGATIVE', a: -2.31, b: 1.9, strong: false, detail: '' }], { domain: [-4, 4], unit: 'logit' }),
  dots(
    'dots: long labels and names',
    [{ label: 'contradiction between premise and hypothesis', a: 0.61, b: 0.3, strong: true, detail: '' }],
    {
      words: { summary: 'Probability', a: 'MiniLM sentiment', b: 'another model', difference: 'MiniLM sentiment − another model' },
    },
  ),
]
