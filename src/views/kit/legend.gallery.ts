// Legends: both scales, a gamma, chips of heads.

import { range } from 'd3'
import { type Example, signed, threeDigits } from './gallery-data.ts'
import { drawLegend } from './legend.ts'

export const legendExamples: readonly Example[] = [
  {
    name: 'legend: attention',
    render: (element) =>
      drawLegend(
        element,
        { scale: { kind: 'attention', max: 1 }, heads: [] },
        { unit: 'attention', note: '', gamma: 1, format: threeDigits },
      ),
  },
  {
    name: 'legend: difference with a gamma',
    render: (element) =>
      drawLegend(
        element,
        { scale: { kind: 'difference', max: 0.5 }, heads: [] },
        { unit: 'A − B', note: 'weak values lifted', gamma: 0.6, format: signed },
      ),
  },
  {
    name: 'legend: twelve heads',
    render: (element) =>
      drawLegend(
        element,
        { scale: null, heads: range(12).map((head) => ({ label: `3.${head + 1}`, colour: head })) },
        { unit: '', note: '', gamma: 1, format: threeDigits },
      ),
  },
]
