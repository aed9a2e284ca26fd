// Scores of what comes next, for every branch of a text that was asked about. Branches share what they have in common.

import type { ContinuingPasses, TokenCache } from '#engine/passes/continuing-passes'
import type { Turn } from '#engine/passes/token-game'
import type { Cancel } from '#methods/cancel'
import { float32At } from '#tensor/vector'
import type { CacheUse } from '../api.ts'

/** Keys and values that are kept, in all. SmolLM2 takes 46 kB a token. */
const MOST_BYTES = 256 * 1024 ** 2
/** Scores that are kept: a vocabulary's take 0.2 MB, and a cache gives them again in one pass of one token. */
const MOST_SCORES = 64
/** Scores are the same with and without a cache within this share of their range. */
const SAME = 1e-3

export interface Branches {
  readonly cache: CacheUse
  /** [V] scores of the token behind these. @throws EngineError `run-failed`, `not-a-number`; `cancel`'s reason */
  scores(ids: readonly number[], cancel: Cancel): Promise<Float32Array>
}

interface Node {
  readonly children: Map<number, Node>
  cache: TokenCache | null
  scores: Float32Array | null
}

const emptyNode = (): Node => ({ children: new Map(), cache: null, scores: null })

/** @param turn every pass waits for its turn */
export function createBranches(passes: ContinuingPasses, turn: Turn): Branches {
  let root = emptyNode()
  let bytes = 0
  let recent: readonly Node[] = []
  let cache: CacheUse = passes.keeps ? 'kept' : 'none'
  /** Whether the cache was tried against a run of the whole text. */
  let isTried = !passes.keeps

  const pathOf = (ids: readonly number[]): readonly Node[] => {
    let node = root
    return ids.map((id) => {
      const next = node.children.get(id) ?? emptyNode()
      node.children.set(id, next)
      node = next
      return next
    })
  }
  const keepScores = (node: Node, scores: Float32Array): void => {
    node.scores = scores
    recent = [node, ...recent.filter((other) => other !== node)]
    for (const old of recent.slice(MOST_SCORES)) old.scores = null
    recent = recent.slice(0, MOST_SCORES)
  }
  const wholeText = (ids: readonly number[], cancel: Cancel) => turn(cancel, () => passes.next(ids, []))

  return {
    get cache() {
      return cache
    },
    scores: async (ids, cancel) => {
      if (bytes > MOST_BYTES) {
        root = emptyNode()
        bytes = 0
      }
      const path = pathOf(ids)
      const last = path.at(-1)
      if (last === undefined) throw new RangeError('a text without tokens')
      if (last.scores !== null) return last.scores
      if (cache !== 'kept') {
        const { scores } = await wholeText(ids, cancel)
        keepScores(last, scores)
        return scores
      }
      // The last one is read in any case: it is what gives scores.
      const firstUnread = path.findIndex((node) => node.cache === null)
      const known = firstUnread < 0 || firstUnread === ids.length ? ids.length - 1 : firstUnread
      const past = path.slice(0, known).flatMap((node) => node.cache ?? [])
      const unread = ids.slice(known)
      const { scores, kept } = await turn(cancel, () => passes.next(unread, past))
      kept.forEach((tokenCache, at) => {
        const node = path[known + at]
        if (node === undefined || node.cache !== null) return
        node.cache = tokenCache
        bytes += tokenCache.byteLength
      })
      if (!isTried && past.length > 0) {
        isTried = true
        const { scores: whole } = await wholeText(ids, cancel)
        if (!areSame(scores, whole)) {
          cache = 'differs'
          root = emptyNode()
          keepScores(pathOf(ids).at(-1) ?? last, whole)
          return whole
        }
      }
      keepScores(last, scores)
      return scores
    },
  }
}

function areSame(one: Float32Array, other: Float32Array): boolean {
  if (one.length !== other.length) return false
  let [least, most, gap] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  other.forEach((score, id) => {
    least = Math.min(least, score)
    most = Math.max(most, score)
    gap = Math.max(gap, Math.abs(score - float32At(one, id)))
  })
  return gap <= SAME * (most - least)
}
