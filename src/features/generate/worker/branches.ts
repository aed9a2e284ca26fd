// Scores of what comes next, for every branch of a text that was asked about. Branches share what they have in common.

import { areSameScores, type CachedPasses } from '#engine/passes/cached-passes'
import type { ContinuingPasses, TokenCache } from '#engine/passes/continuing-passes'
import type { Turn } from '#engine/passes/token-game'
import type { Cancel } from '#methods/cancel'
import type { CacheRefusal } from '#protocol/model-api'
import type { CacheUse } from '../api.ts'

/** Keys and values that are kept of all branches; beyond it only the text on screen keeps its own. SmolLM2 takes 46 kB a token. */
const MOST_BYTES = 256 * 1024 ** 2
/** Scores that are kept: a vocabulary's take 0.2 MB, and a cache gives them again in one pass of one token. */
const MOST_SCORES = 64
/** Scores are the same with and without a cache within this share of their range. */
const SAME = 1e-3

export interface Branches {
  readonly cache: CacheUse
  /** Why keys and values are not kept where they might have been. */
  readonly lacking: CacheRefusal | null
  /** Bytes of the keys and values that are kept. */
  readonly bytes: number
  /** [V] scores of the token behind these. @throws EngineError `run-failed`, `not-a-number`; `cancel`'s reason */
  scores(ids: readonly number[], cancel: Cancel): Promise<Float32Array>
}

interface Node {
  readonly children: Map<number, Node>
  cache: TokenCache | null
  scores: Float32Array | null
}

const emptyNode = (): Node => ({ children: new Map(), cache: null, scores: null })

/**
 * @param whole passes of the file as it is
 * @param turn every pass waits for its turn
 * @param added the same with keys and values, for a file that takes none; asked for with the first text
 */
export function createBranches(whole: ContinuingPasses, turn: Turn, added: (() => Promise<CachedPasses>) | null = null): Branches {
  let passes = whole
  let root = emptyNode()
  let bytes = 0
  let recent: readonly Node[] = []
  let cache: CacheUse = whole.keeps ? 'kept' : 'none'
  let lacking: CacheRefusal | null = null
  let isAsked = whole.keeps || added === null
  /** Length of the next text with which the cache is tried against a run of the whole. */
  let tryFrom = 0

  const pathOf = (ids: readonly number[]): readonly Node[] => {
    let node = root
    return ids.map((id) => {
      const next = node.children.get(id) ?? emptyNode()
      node.children.set(id, next)
      node = next
      return next
    })
  }
  /** Lets all other branches go. */
  const keepOnly = (ids: readonly number[]): void => {
    const caches = pathOf(ids).map((node) => node.cache)
    root = emptyNode()
    pathOf(ids).forEach((node, at) => {
      node.cache = caches[at] ?? null
    })
    bytes = caches.reduce((sum, kept) => sum + (kept?.byteLength ?? 0), 0)
  }
  const keepScores = (node: Node, scores: Float32Array): void => {
    node.scores = scores
    recent = [node, ...recent.filter((other) => other !== node)]
    for (const old of recent.slice(MOST_SCORES)) old.scores = null
    recent = recent.slice(0, MOST_SCORES)
  }
  const wholeText = (ids: readonly number[], cancel: Cancel) => turn(cancel, () => whole.next(ids, []))
  const askForCache = async (cancel: Cancel): Promise<void> => {
    if (isAsked || added === null) return
    const found = await turn(cancel, added)
    isAsked = true
    if ('refused' in found) {
      lacking = found.refused
      return
    }
    passes = found.passes
    cache = 'added'
  }

  return {
    get cache() {
      return cache
    },
    get lacking() {
      return lacking
    },
    get bytes() {
      return bytes
    },
    scores: async (ids, cancel) => {
      await askForCache(cancel)
      if (bytes > MOST_BYTES) keepOnly(ids)
      const path = pathOf(ids)
      const last = path.at(-1)
      if (last === undefined) throw new RangeError('a text without tokens')
      if (last.scores !== null) return last.scores
      if (cache !== 'kept' && cache !== 'added') {
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
      if (past.length > 0 && ids.length >= tryFrom) {
        // A graph that was changed is tried again where the text has doubled: rotations and windows may change with the length.
        tryFrom = cache === 'added' ? 2 * ids.length : Number.POSITIVE_INFINITY
        const { scores: expected } = await wholeText(ids, cancel)
        if (!areSameScores(scores, expected, SAME)) {
          cache = 'differs'
          root = emptyNode()
          bytes = 0
          keepScores(pathOf(ids).at(-1) ?? last, expected)
          return expected
        }
      }
      keepScores(last, scores)
      return scores
    },
  }
}
