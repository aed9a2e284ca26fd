// Seeded charts to draw: the same at every run, from the gallery's attention that looks like attention.

import { attentionThumbnails, thumbnailSize } from '#methods/attention/thumbnail'
import { drawHeadGrid } from '#views/heads/head-grid'
import { attention, manyTokens, nothing, type Pattern, threeDigits } from '#views/kit/gallery-data'
import { drawArcs } from '#views/lines/arcs'
import { drawFlow } from '#views/lines/flow'
import { drawHeatmap } from '#views/matrix/heatmap'
import type { ChartName } from '../charts.ts'

/** Draws one data set; every set differs from the others in all values. */
export interface Drawing {
  readonly draw: (element: HTMLElement) => void
  /** Milliseconds that the engine's worker spends on thumbnails before the page can draw; 0 where there are none. */
  readonly reduceMs: number
}

/** The embedded model's. */
const LAYERS = 6
const HEADS = 12
/** Cells a side that the page asks for. */
const THUMBNAIL = 32
const PATTERNS: readonly Pattern[] = ['diagonal', 'previous', 'delimiter', 'broad']
const scale = { kind: 'attention', max: 1 } as const
const words = { query: 'query', key: 'key', unit: 'attention', summary: 'Attention', hidden: 'weaker lines are not drawn' }
const lines = {
  threshold: 0.1,
  selectedToken: null,
  hoveredToken: null,
  scale,
  format: threeDigits,
  onHoverToken: nothing,
  onSelectToken: nothing,
}

export function makeDrawing(chart: ChartName, count: number, set: number): Drawing {
  const tokens = manyTokens(count)
  const head = (index: number): Float32Array => attention(count, PATTERNS[index % PATTERNS.length] ?? 'broad', 1 + index + 100 * set)
  if (chart === 'head-grid') return headGrid(count, head)
  if (chart === 'heatmap') {
    const data = { rows: tokens, columns: tokens, values: head(0) }
    const chosen = { selected: null, hovered: null, selectedToken: null, zoom: 'fit' as const, unit: 'attention' }
    const hooks = { onHover: nothing, onSelect: nothing, onSelectToken: nothing }
    const options = { ...chosen, ...hooks, scale, words: { ...words, gap: 'no token here' }, format: threeDigits }
    return { draw: (element) => drawHeatmap(element, data, options), reduceMs: 0 }
  }
  if (chart === 'arcs') {
    const data = { tokens, keys: tokens, heads: [{ key: '0.0', label: '1.1', colour: null, values: head(0) }] }
    const options = { ...lines, words: { ...words, back: 'back', ahead: 'ahead' } }
    return { draw: (element) => drawArcs(element, data, options), reduceMs: 0 }
  }
  const heads = Array.from({ length: HEADS }, (_, index) => ({
    key: `0.${index}`,
    label: `1.${index + 1}`,
    colour: index,
    values: head(index),
  }))
  return { draw: (element) => drawFlow(element, { tokens, keys: tokens, heads }, { ...lines, words }), reduceMs: 0 }
}

/** All heads of all layers, reduced to thumbnails by the engine's own function. */
function headGrid(count: number, head: (index: number) => Float32Array): Drawing {
  const layers = Array.from({ length: LAYERS }, (_, layer) => {
    const data = new Float32Array(HEADS * count * count)
    for (let at = 0; at < HEADS; at++) data.set(head(layer * HEADS + at), at * count * count)
    return { heads: HEADS, data }
  })
  const start = performance.now()
  const thumbnails = layers.map((_, layer) => attentionThumbnails({ tokens: count, layers }, layer, THUMBNAIL))
  const reduceMs = performance.now() - start
  const order = Array.from({ length: LAYERS * HEADS }, (_, index) => ({ layer: Math.floor(index / HEADS), head: index % HEADS }))
  const sizes = layers.map(() => thumbnailSize(count, THUMBNAIL))
  const data = { layers: LAYERS, heads: HEADS, thumbnails, sizes, scores: null, order }
  const options = {
    kind: 'attention' as const,
    selected: [],
    hovered: null,
    columns: HEADS,
    words: { layer: 'layer', head: 'head', summary: 'All heads of all layers', unit: 'attention' },
    format: threeDigits,
    describe: (ref: { readonly layer: number; readonly head: number }) => `head ${ref.layer + 1}.${ref.head + 1}`,
    onHover: nothing,
    onSelect: nothing,
  }
  return { draw: (element) => drawHeadGrid(element, data, options), reduceMs }
}
