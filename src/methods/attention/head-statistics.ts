// What tells the heads of a run apart before anybody has looked at one: how much goes to sinks, and how much to the text itself.

import { float32At } from '#tensor/vector'
import type { Token } from '#text/token'
import type { AttentionRun, HeadRef } from './attention.ts'
import type { HeadChange } from './difference.ts'
import { headMatrix } from './reduce.ts'
import { findSinks } from './sinks.ts'

export interface HeadStatistics {
  /** Positions of the sinks, ascending. */
  readonly sinks: readonly number[]
  /** [layers * heads]: mean over the other queries of the attention to sinks, 0..1. */
  readonly sinkShare: Float32Array
  /**
   * [layers * heads]: mean over the other queries of what they send to words of their choice, 0..1: attention beyond an even share,
   * to tokens that are no sinks and no neighbours of the query (a head of the previous token looks alike on every text).
   */
  readonly contentShare: Float32Array
  /** The head that sends most to content: worth seeing first where no gradients tell more. null where none sends anything. */
  readonly contentHead: HeadRef | null
}

/** Heads that send more than this to sinks have nothing to show. */
const MOSTLY_SINKS = 0.9

const known = new WeakMap<AttentionRun, HeadStatistics>()

/** Statistics of all heads; computed once a run. Layers are taken to have as many heads as the first. */
export function headStatistics(run: AttentionRun, tokens: readonly Pick<Token, 'source'>[]): HeadStatistics {
  const before = known.get(run)
  if (before) return before
  const sinks = findSinks(run, tokens)
  const isSink = Uint8Array.from({ length: run.tokens }, (_, at) => (sinks.includes(at) ? 1 : 0))
  const heads = run.layers[0]?.heads ?? 0
  const sinkShare = new Float32Array(run.layers.length * heads)
  const contentShare = new Float32Array(sinkShare.length)
  for (let at = 0; at < sinkShare.length; at++) {
    const matrix = headMatrix(run, { layer: Math.floor(at / heads), head: at % heads })
    const [toSinks, toContent] = sharesOf(matrix, run.tokens, isSink)
    sinkShare[at] = toSinks
    contentShare[at] = toContent
  }
  const statistics = { sinks, sinkShare, contentShare, contentHead: largest(contentShare, heads, (value) => value) }
  known.set(run, statistics)
  return statistics
}

/** Means over the queries that are no sinks: attention to sinks, and to content. */
function sharesOf(matrix: Float32Array, tokens: number, isSink: Uint8Array): readonly [number, number] {
  let toSinks = 0
  let toContent = 0
  let queries = 0
  for (let query = 0; query < tokens; query++) {
    if (isSink[query] === 1) continue
    queries++
    const row = query * tokens
    const even = 1 / visibleKeys(matrix, row, tokens)
    for (let key = 0; key < tokens; key++) {
      const weight = float32At(matrix, row + key)
      if (isSink[key] === 1) toSinks += weight
      else if (Math.abs(key - query) > 1) toContent += Math.max(0, weight - even)
    }
  }
  return queries === 0 ? [0, 0] : [toSinks / queries, toContent / queries]
}

/** Keys that a query can attend to: in a causal model those up to itself, whose masked weights are exactly 0. At least 1. */
function visibleKeys(matrix: Float32Array, row: number, tokens: number): number {
  let visible = tokens
  while (visible > 1 && float32At(matrix, row + visible - 1) === 0) visible--
  return visible
}

/** The head that the target hangs on most, of those that do not send nearly all to sinks; null where it hangs on none. */
export function mostImportantHead(
  importance: Float32Array,
  { sinkShare }: Pick<HeadStatistics, 'sinkShare'>,
  heads: number,
): HeadRef | null {
  return largest(importance, heads, (value, at) => (float32At(sinkShare, at) > MOSTLY_SINKS ? 0 : Math.abs(value)))
}

/** The head whose attention moved most; null where none moved. */
export function mostChangedHead(changes: readonly HeadChange[]): HeadRef | null {
  const most = changes.reduce<HeadChange | null>((best, change) => (change.moved > (best?.moved ?? 0) ? change : best), null)
  return most && { layer: most.layer, head: most.head }
}

function largest(values: Float32Array, heads: number, score: (value: number, at: number) => number): HeadRef | null {
  let best = -1
  let most = 0
  values.forEach((value, at) => {
    const own = score(value, at)
    if (own <= most) return
    most = own
    best = at
  })
  return best < 0 ? null : { layer: Math.floor(best / heads), head: best % heads }
}
