// What comes next by a graph that was given inputs for keys and values, tried against runs of the whole text before it is believed.

import type { CachedModel } from '#graph/caches/cached-model'
import type { PreparedInput } from '#graph/model-inputs'
import type { CacheRefusal } from '#protocol/model-api'
import { elementAt, float32At } from '#tensor/vector'
import { EngineError } from '../error.ts'
import type { Feed, GraphSession } from '../runtime/session.ts'
import { assertScores } from './assert-numbers.ts'
import { type ContinuingPasses, createContinuingPasses, type TokenCache } from './continuing-passes.ts'
import { buildFeeds, type InputConvention } from './feeds.ts'
import { positionFeed } from './run-feeds.ts'

export type CachedPasses = { readonly passes: ContinuingPasses } | { readonly refused: CacheRefusal }

/** Runs in two ways round otherwise: by this share of the scores' range at most. */
const SAME = 1e-4
/** Ends of the parts in which a text is tried: its start, some tokens at once, then one by one. */
const TRIED = [5, 8, 9, 10, 11, 12]

export function createCachedPasses(
  session: GraphSession,
  model: Omit<CachedModel, 'bytes' | 'externalData'>,
  inputs: readonly PreparedInput[],
  layout: InputConvention,
): ContinuingPasses {
  const { caches, wholes, wholeLength, freshFrom, positionsInput } = model
  const empties = Object.fromEntries(caches.map(({ past, empty }) => [past, { dims: empty, data: new Float32Array() }]))
  return createContinuingPasses({
    session,
    caches,
    scores: model.logits,
    feeds: (ids, past) => {
      // What else the file takes depends on how many tokens there are, not on which.
      const whole = buildFeeds(inputs, { ids: [...new Array<number>(past).fill(0), ...ids] }, layout)
      const named = Array.from(wholes, ([own, name]): readonly [string, Feed] => {
        const feed = whole[own]
        if (feed === undefined) throw new EngineError('run-failed', `The model has no input ${own}.`)
        return [name, feed]
      })
      return {
        ...buildFeeds(inputs, { ids }, layout),
        ...Object.fromEntries(named),
        ...empties,
        [wholeLength]: positionFeed([past + ids.length]),
        [freshFrom]: positionFeed([-ids.length]),
        ...(positionsInput === null ? {} : { [positionsInput]: positionFeed([ids.length - 1]) }),
      }
    },
    check: assertScores,
  })
}

/**
 * Whether kept keys and values give the scores that runs of the whole text give, on a short text.
 * @param known ids that the model knows, at least one
 */
export async function agreeWithWhole(cached: ContinuingPasses, whole: ContinuingPasses, known: readonly number[]): Promise<boolean> {
  const ids = Array.from({ length: Math.max(...TRIED) }, (_, at) => elementAt(known, at % known.length))
  const past: TokenCache[] = []
  for (const end of TRIED) {
    const { scores, kept } = await cached.next(ids.slice(past.length, end), past)
    past.push(...kept)
    const { scores: expected } = await whole.next(ids.slice(0, end), [])
    if (!areSameScores(scores, expected, SAME)) return false
  }
  return true
}

/** @param share of the range of `expected` that they may differ by */
export function areSameScores(scores: Float32Array, expected: Float32Array, share: number): boolean {
  if (scores.length !== expected.length) return false
  let [least, most, gap] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  expected.forEach((score, id) => {
    least = Math.min(least, score)
    most = Math.max(most, score)
    gap = Math.max(gap, Math.abs(score - float32At(scores, id)))
  })
  return gap <= share * (most - least)
}
