// What a tree of branches costs, and what it does when keys and values do not fit.

import { expect, it } from 'vitest'
import type { CachedPasses } from '#engine/passes/cached-passes'
import type { ContinuingPasses } from '#engine/passes/continuing-passes'
import { never } from '#engine/testing/toy-model.fixture'
import { createBranches } from './branches.ts'

const turn = <Result>(_: unknown, job: () => Promise<Result>): Promise<Result> => job()

/** Scores that tell the last id and the length of the text. @param floats of one token's keys and values; none are kept for 0 */
function counting(floats: number): { readonly passes: ContinuingPasses; readonly read: number[] } {
  const read: number[] = []
  const next: ContinuingPasses['next'] = async (ids, past) => {
    read.push(ids.length)
    const scores = Float32Array.of(ids.at(-1) ?? 0, ids.length + past.length)
    return { scores, kept: floats === 0 ? [] : ids.map(() => new Float32Array(floats)) }
  }
  return { passes: { keeps: floats > 0, next }, read }
}

it('fifty branches keep each of their tokens once', async () => {
  const FLOATS = 100
  const { passes, read } = counting(FLOATS)
  const branches = createBranches(passes, turn)
  const prompt = Array.from({ length: 40 }, (_, at) => at)
  await branches.scores(prompt, never)
  const distinct = new Set(prompt.map((_, at) => prompt.slice(0, at + 1).join()))
  for (let branch = 0; branch < 50; branch++) {
    // Each leaves the text at another place, and adds three tokens.
    const ids = [...prompt.slice(0, 20 + (branch % 20)), 100 + branch, 200, 201]
    for (let end = ids.length - 2; end <= ids.length; end++) await branches.scores(ids.slice(0, end), never)
    for (const at of ids.keys()) distinct.add(ids.slice(0, at + 1).join())
  }
  expect(distinct.size).toBe(40 + 150)
  expect(branches.bytes).toBe(distinct.size * FLOATS * Float32Array.BYTES_PER_ELEMENT)
  // The prompt, the first cached text again as a whole, and one token for each of the others.
  expect(read.toSorted((a, b) => a - b).filter((count) => count > 1)).toHaveLength(2)
})

it('what is kept is bounded: beyond it other branches are let go, and the text on screen is kept', async () => {
  const FLOATS = 2 ** 20
  const { passes, read } = counting(FLOATS)
  const branches = createBranches(passes, turn)
  let most = 0
  for (let branch = 0; branch < 40; branch++) {
    const ids = [1, 2, 3, 10 + branch, 5]
    const scores = await branches.scores(ids, never)
    expect(Array.from(scores)).toEqual([5, ids.length])
    most = Math.max(most, branches.bytes)
  }
  expect(most).toBeLessThanOrEqual((256 + 5 * 4) * 2 ** 20)
  expect(most).toBeGreaterThan(200 * 2 ** 20)
  // The three tokens that all have in common were read once, and once more where the cache was tried.
  expect(read.filter((count) => count > 2)).toEqual([5, 5])
})

it('inputs that were added are tried again when the text has doubled, and dropped where the model answers otherwise', async () => {
  const whole = counting(0)
  const cached = counting(10)
  // As a rotation that changes with the length would: right up to nine tokens.
  const next: ContinuingPasses['next'] = async (ids, past) => {
    const found = await cached.passes.next(ids, past)
    return ids.length + past.length < 10 ? found : { ...found, scores: Float32Array.of(0, 0) }
  }
  const added = async (): Promise<CachedPasses> => ({ passes: { keeps: true, next } })
  const branches = createBranches(whole.passes, turn, added)
  const uses: string[] = []
  for (let length = 1; length <= 20; length++) {
    const ids = Array.from({ length }, (_, at) => at + 1)
    const scores = await branches.scores(ids, never)
    uses.push(branches.cache)
    // Tried at 2, 4, 8 and 16.
    if (length < 10 || length >= 16) expect(Array.from(scores)).toEqual([length, length])
  }
  expect(uses.indexOf('differs')).toBe(15)
  expect(branches.bytes).toBe(0)
})

it('a refusal is told, and each token reads the whole text', async () => {
  const whole = counting(0)
  const refused = { reason: 'operator', at: 'CumSum (places)' } as const
  const branches = createBranches(whole.passes, turn, async () => ({ refused }))
  await branches.scores([1, 2, 3], never)
  await branches.scores([1, 2, 3, 4], never)
  expect([branches.cache, branches.lacking, whole.read]).toEqual(['none', refused, [3, 4]])
})
