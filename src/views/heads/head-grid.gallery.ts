// Grids of heads: as a matrix, sorted, loading, small, signed.

import { range } from 'd3'
import { type Example, nothing, signedThumbnails, thumbnails } from '../kit/gallery-data.ts'
import { drawHeadGrid } from './head-grid.ts'
import type { HeadGridData, HeadGridOptions } from './head-grid-data.ts'
import { headName } from './head-grid-layout.ts'

const options: HeadGridOptions = {
  kind: 'attention',
  selected: [],
  hovered: null,
  columns: null,
  words: { layer: 'layer', head: 'head', summary: 'All heads of all layers', unit: 'attention', note: 'low values brightened' },
  format: (score) => score.toFixed(2),
  describe: (ref) => `head ${headName(ref)}`,
  onHover: nothing,
  onSelect: nothing,
}

function gridOf(layers: number, heads: number, size: number, more: Partial<HeadGridData> = {}): HeadGridData {
  return {
    layers,
    heads,
    thumbnails: range(layers).map((layer) => thumbnails(heads, size, layer)),
    sizes: range(layers).map(() => size),
    scores: null,
    order: range(layers * heads).map((index) => ({ layer: Math.floor(index / heads), head: index % heads })),
    ...more,
  }
}

function scoresOf(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => ((index * 37) % 100) / 100)
}

function grid(name: string, data: HeadGridData, more: Partial<HeadGridOptions> = {}): Example {
  return { name, render: (element) => drawHeadGrid(element, data, { ...options, ...more }) }
}

const six = gridOf(6, 12, 32)

export const headGridExamples: readonly Example[] = [
  grid('head grid: 6 x 12', six, { selected: [{ layer: 2, head: 3 }], hovered: { layer: 4, head: 6 } }),
  grid(
    'head grid: scores',
    { ...six, scores: scoresOf(72) },
    {
      selected: [
        { layer: 0, head: 0 },
        { layer: 0, head: 5 },
      ],
    },
  ),
  grid('head grid: sorted by score', {
    ...six,
    scores: scoresOf(72),
    order: six.order.toSorted((a, b) => (((b.layer * 12 + b.head) * 37) % 100) - (((a.layer * 12 + a.head) * 37) % 100)).slice(0, 24),
  }),
  grid('head grid: loading', { ...six, thumbnails: six.thumbnails.map((layer, index) => (index < 2 ? layer : null)) }),
  grid('head grid: difference', gridOf(4, 8, 16, { thumbnails: range(4).map((layer) => signedThumbnails(8, 16, layer)) }), {
    kind: 'difference',
    words: { ...options.words, unit: 'A − B' },
  }),
  grid('head grid: 30 x 9', gridOf(30, 9, 12)),
  grid('head grid: 30 x 9 folded to fit', gridOf(30, 9, 12), { height: 440 }),
  grid('head grid: 24 x 2 with layers across', gridOf(24, 2, 12), { height: 150 }),
  grid('head grid: one head', gridOf(1, 1, 5)),
  grid('head grid: one token', gridOf(2, 4, 1)),
]
