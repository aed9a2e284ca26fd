// Samples of a surrogate: a good fit, a poor one, one sample, other scripts, values that are all alike, none yet.

import { randomLcg } from 'd3'
import { type Example, nothing, sentence, threeDigits } from '../kit/gallery-data.ts'
import { drawSurrogate, type SurrogateOptions, type SurrogateSample } from './surrogate.ts'

const options: SurrogateOptions = {
  selected: null,
  words: {
    summary: 'Samples of LIME',
    fitted: 'line',
    output: 'model',
    fittedAxis: 'the line says, logit of “positive”',
    outputAxis: 'the model says, logit of “positive”',
    weight: 'weight',
    itself: 'the text itself',
    nothing: 'nothing is left',
    same: 'both say the same',
  },
  format: threeDigits,
  onHover: nothing,
  onSelect: nothing,
}

/** Samples with units away at random; the model's answer is the line's and so much noise. */
function samplesOf(labels: readonly string[], count: number, noise: number): readonly SurrogateSample[] {
  const random = randomLcg(0.3)
  return Array.from({ length: count }, (_, index) => {
    const pieces = labels.map((text, at) => ({ text: at === 0 ? text : ` ${text}`, away: index > 0 && random() < 0.4 }))
    const there = pieces.filter(({ away }) => !away).length
    const fitted = pieces.reduce((sum, { away }, at) => sum + (away ? 0 : Math.sin(1 + at * 2)), 0)
    return { key: String(index), pieces, fitted, output: fitted + noise * (random() - 0.5), weight: (there / pieces.length) ** 2 }
  })
}

const labels = sentence.slice(1, -1).map(({ label }) => label)

function surrogate(name: string, samples: readonly SurrogateSample[], more: Partial<SurrogateOptions> = {}): Example {
  return { name: `surrogate: ${name}`, render: (element) => drawSurrogate(element, { samples }, { ...options, ...more }) }
}

export const surrogateExamples: readonly Example[] = [
  surrogate('a good fit', samplesOf(labels, 200, 0.3), { selected: '4' }),
  surrogate('a poor fit', samplesOf(labels, 200, 4)),
  surrogate('one sample', samplesOf(labels, 1, 1)),
  surrogate('other scripts', samplesOf(['这部', '电影', '一点都不', '😀', '糟糕'], 12, 1)),
  surrogate(
    'all alike',
    samplesOf(labels, 12, 0).map((sample) => ({ ...sample, fitted: 0.5, output: 0.5 })),
  ),
  surrogate('none yet', []),
  surrogate(
    'mask tokens',
    samplesOf(labels, 12, 1).map((sample) => ({ ...sample, pieces: sample.pieces.map((piece) => ({ ...piece, instead: ' [MASK]' })) })),
    { selected: '3' },
  ),
]
