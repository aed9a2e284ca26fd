// Heads by what tells them apart. Entropy and distance come from the thumbnails that are on screen, so that no further run is needed.

import type { HeadRef } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { HeadStatistics } from '#methods/attention/head-statistics'
import type { Settings } from '#share/settings'
import type { ThumbnailSet } from '#state/app-state'

/** What heads are ranked by. */
export type RankedBy = Exclude<Settings['gridOrder'], 'auto'> | 'content'

/** What is known of the heads. */
export interface KnownOfHeads {
  readonly layers: number
  readonly heads: number
  readonly thumbnails: readonly (ThumbnailSet<Uint8Array> | null)[]
  readonly statistics: HeadStatistics
  /** null where A is compared with nothing. */
  readonly changes: readonly HeadChange[] | null
  /** [layers * heads]; null without gradients. */
  readonly importance: Float32Array | null
}

export interface RankedHeads {
  readonly by: RankedBy
  /** First to last. */
  readonly order: readonly HeadRef[]
  /** [layers * heads], what the order is made of. */
  readonly scores: Float32Array
}

/** Heads in the wanted order; `auto`, and an order that lacks what it is made of, take the first of change, importance and content. */
export function rankHeads(wanted: Settings['gridOrder'], known: KnownOfHeads): RankedHeads {
  const { layers, heads } = known
  const candidates = [...(wanted === 'auto' ? [] : [wanted]), 'change', 'importance', 'content'] as const
  for (const by of candidates) {
    const scores = scoresOf(by, known)
    if (scores === null || (wanted === 'auto' && scores.every((score) => score === 0))) continue
    return { by, order: sorted(scores, layers, heads, by === 'focus' ? -1 : 1), scores }
  }
  const { contentShare } = known.statistics
  return { by: 'content', order: sorted(contentShare, layers, heads, 1), scores: contentShare }
}

/** @param direction 1: largest magnitudes first; -1: smallest first */
function sorted(scores: Float32Array, layers: number, heads: number, direction: 1 | -1): readonly HeadRef[] {
  const score = ({ layer, head }: HeadRef): number => direction * Math.abs(scores[layer * heads + head] ?? 0)
  return Array.from({ length: layers * heads }, (_, i): HeadRef => ({ layer: Math.floor(i / heads), head: i % heads })).sort(
    (one, other) => score(other) - score(one),
  )
}

function scoresOf(by: RankedBy, { layers, heads, thumbnails, statistics, changes, importance }: KnownOfHeads): Float32Array | null {
  if (by === 'content') return statistics.contentShare.length === layers * heads ? statistics.contentShare : null
  if (by === 'importance') return importance?.length === layers * heads ? importance : null
  const scores = new Float32Array(layers * heads)
  if (by === 'change') {
    if (!changes) return null
    for (const { layer, head, moved } of changes) scores[layer * heads + head] = moved
    return scores
  }
  if (thumbnails.length !== layers || thumbnails.some((set) => set === null)) return null
  thumbnails.forEach((set, layer) => {
    for (let head = 0; head < heads; head++) scores[layer * heads + head] = meanOverRows(set, head, by === 'focus' ? entropy : distance)
  })
  return scores
}

/** Entropy of a row's weights as shares of their sum, over the largest that there could be: 0 for one token, 1 for all alike. */
function entropy(row: Uint8Array): number {
  const mass = row.reduce((sum, value) => sum + value, 0)
  if (row.length < 2) return 0
  // All of it goes to sinks: such a row chooses nothing.
  if (mass === 0) return 1
  return row.reduce((sum, value) => (value === 0 ? sum : sum - (value / mass) * Math.log(value / mass)), 0) / Math.log(row.length)
}

/** Mean distance between query and key, weighted by attention, as a share of the length: 0..1. */
function distance(row: Uint8Array, query: number): number {
  let mass = 0
  let far = 0
  row.forEach((value, key) => {
    mass += value
    far += value * Math.abs(key - query)
  })
  return mass === 0 ? 0 : far / mass / row.length
}

function meanOverRows(set: ThumbnailSet<Uint8Array> | null, head: number, score: (row: Uint8Array, query: number) => number): number {
  if (!set) return 0
  const { size, data } = set
  let sum = 0
  for (let query = 0; query < size; query++) {
    const start = (head * size + query) * size
    sum += score(data.subarray(start, start + size), query)
  }
  return size === 0 ? 0 : sum / size
}
