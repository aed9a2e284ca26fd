// Orders of the head grid. Scores come from the thumbnails that are on screen, so that no further run is needed.

import type { HeadRef } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { Settings } from '#share/settings'
import type { ThumbnailSet } from '#state/app-state'

export interface OrderedHeads {
  readonly order: readonly HeadRef[]
  /** [layers * heads] by layer and head, what the order is made of; null for the order by layer. */
  readonly scores: Float32Array | null
}

/** Layers x heads in the wanted order; without what it needs, by layer. */
export function orderHeads(
  by: Settings['gridOrder'],
  layers: number,
  heads: number,
  thumbnails: readonly (ThumbnailSet<Uint8Array> | null)[],
  changes: readonly HeadChange[] | null,
  importance: Float32Array | null,
): OrderedHeads {
  const all = Array.from({ length: layers * heads }, (_, i): HeadRef => ({ layer: Math.floor(i / heads), head: i % heads }))
  const scores = scoresOf(by, layers, heads, thumbnails, changes, importance)
  if (!scores) return { order: all, scores: null }
  const score = (ref: HeadRef): number => Math.abs(scores[ref.layer * heads + ref.head] ?? 0)
  return { order: all.sort((one, other) => score(other) - score(one)), scores }
}

function scoresOf(
  by: Settings['gridOrder'],
  layers: number,
  heads: number,
  thumbnails: readonly (ThumbnailSet<Uint8Array> | null)[],
  changes: readonly HeadChange[] | null,
  importance: Float32Array | null,
): Float32Array | null {
  if (by === 'auto') return null
  if (by === 'importance') return importance?.length === layers * heads ? importance : null
  const scores = new Float32Array(layers * heads)
  if (by === 'change') {
    if (!changes) return null
    for (const { layer, head, moved } of changes) scores[layer * heads + head] = moved
    return scores
  }
  if (thumbnails.some((set) => set === null)) return null
  thumbnails.forEach((set, layer) => {
    for (let head = 0; head < heads; head++) {
      scores[layer * heads + head] = (by === 'focus' ? sharpness : reach)(set, head)
    }
  })
  return scores
}

/** Mean over queries of the strongest weight, 0..1: a head that looks at one token at a time scores 1. */
function sharpness(set: ThumbnailSet<Uint8Array> | null, head: number): number {
  return meanOverRows(set, head, (row) => row.reduce((largest, value) => Math.max(largest, value), 0) / 255)
}

/** Mean distance between query and key, weighted by attention, as a share of the length: 0..1. */
function reach(set: ThumbnailSet<Uint8Array> | null, head: number): number {
  return meanOverRows(set, head, (row, query) => {
    let mass = 0
    let distance = 0
    row.forEach((value, key) => {
      mass += value
      distance += value * Math.abs(key - query)
    })
    return mass === 0 ? 0 : distance / mass / row.length
  })
}

function meanOverRows(set: ThumbnailSet<Uint8Array> | null, head: number, score: (row: Uint8Array, query: number) => number): number {
  if (!set) return 0
  const { size, data } = set
  let sum = 0
  for (let query = 0; query < size; query++) {
    const start = (head * size + query) * size
    sum += score(data.subarray(start, start + size), query)
  }
  return sum / size
}
