// Waterfalls: a sentence, many tokens, standard errors, one, all upwards, a remainder, other scripts, some values and all still to come.

import { type Example, manyTokens, nothing, sentence, signed, threeDigits } from '../kit/gallery-data.ts'
import type { ContributionOptions, Contributions, Part } from './contributions.ts'
import { drawWaterfall, type WaterfallOptions } from './waterfall.ts'

export const contributionOptions: ContributionOptions = {
  selected: null,
  hovered: null,
  span: null,
  words: {
    summary: 'From the base to the output, Shapley values',
    axis: 'logit of “positive”',
    part: 'token',
    base: 'base',
    output: 'output',
    raises: 'raises the output',
    lowers: 'lowers the output',
    error: 'standard error',
    empty: 'Computing …',
  },
  others: (count) => `${count} others`,
  format: threeDigits,
  formatSigned: signed,
  onHover: nothing,
  onSelect: nothing,
}

/** Parts that lead from the base to the output, unless another output is given. */
export function contributionsOf(labels: readonly string[], values: readonly number[], base = -0.4, output?: number): Contributions {
  const parts = labels.map((label, index): Part => {
    const value = values[index] ?? Number.NaN
    return { key: String(index), label, value, error: Number.NaN, kind: 'token' }
  })
  const reached = base + values.reduce((sum, value) => sum + (value || 0), 0)
  if (output === undefined) return { base, output: reached, parts }
  const rest: Part = { key: 'rest', label: 'not explained', value: output - reached, error: Number.NaN, kind: 'rest' }
  return { base, output, parts: [...parts, rest] }
}

function withErrors(data: Contributions): Contributions {
  return { ...data, parts: data.parts.map((part, at) => ({ ...part, error: 0.02 + at / 100 })) }
}

const sentenceLabels = sentence.slice(1, -1).map(({ label }) => label)
const sentenceValues = [0.12, 0.31, -0.08, -1.42, 0.9, 0.2, 1.73, 0.05]
const manyLabels = manyTokens(60).map(({ label }) => label)

/** What either chart is shown with. */
export const contributionScenes: readonly (readonly [name: string, data: Contributions, more?: Partial<ContributionOptions>])[] = [
  ['a sentence', contributionsOf(sentenceLabels, sentenceValues), { selected: '3', hovered: '6' }],
  [
    'many tokens',
    contributionsOf(
      manyLabels,
      manyLabels.map((_, at) => Math.sin(at * 1.7) * (at % 7)),
    ),
  ],
  ['standard errors', withErrors(contributionsOf(sentenceLabels, sentenceValues)), { hovered: '3' }],
  ['one token', contributionsOf(['film'], [0.7])],
  [
    'all upwards',
    contributionsOf(
      sentenceLabels,
      sentenceValues.map((value) => Math.abs(value)),
    ),
  ],
  ['a remainder', contributionsOf(sentenceLabels, sentenceValues, -0.4, 0.6)],
  [
    'other scripts',
    contributionsOf(['这部', '电影', '一点都不', '😀', '糟糕', ' pneumonoultramicroscopic'], [0.2, 0.1, -0.6, 0.9, -0.3, 0.4]),
  ],
  ['some still to come', contributionsOf(sentenceLabels, sentenceValues.slice(0, 4))],
  [
    'still running',
    contributionsOf(
      sentenceLabels,
      sentenceLabels.map(() => Number.NaN),
      Number.NaN,
    ),
  ],
]

const options: WaterfallOptions = { ...contributionOptions, most: 10 }

export const waterfallExamples: readonly Example[] = contributionScenes.map(([name, data, more]) => ({
  name: `waterfall: ${name}`,
  render: (element) => drawWaterfall(element, data, { ...options, ...more }),
}))
