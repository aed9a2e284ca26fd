import { describe, expect, it } from 'vitest'
import { type Candidate, type Edits, type SearchLimits, type SearchState, searchCounterfactuals } from './counterfactual.ts'

const never = new AbortController().signal
const LIMITS: SearchLimits = { beam: 4, size: 4, extensions: 12, answers: 5 }
const candidates = (tokens: number, options = 1): readonly Candidate[] =>
  Array.from({ length: tokens * options }, (_, at) => ({ token: Math.floor(at / options), option: at % options }))

async function partsOf(
  all: readonly Candidate[],
  margin: (edits: Edits) => number,
  limits: Partial<SearchLimits> = {},
): Promise<readonly SearchState[]> {
  const parts: SearchState[] = []
  const evaluate = async (sets: readonly Edits[]): Promise<Float64Array> => Float64Array.from(sets, margin)
  for await (const part of searchCounterfactuals(all, evaluate, { ...LIMITS, ...limits }, never)) parts.push(part)
  return parts
}

const tokens = ({ found }: SearchState): readonly string[] => found.map(({ edits }) => edits.map(({ token }) => token).join())

describe('the search for counterfactuals', () => {
  it('finds every single edit that does it, strongest first, one for each token', async () => {
    const weights = [0.1, 3, 0.2, 2]
    const parts = await partsOf(
      candidates(4, 2),
      (edits) => 1.5 - edits.reduce((sum, { token, option }) => sum + (weights[token] ?? 0) * (option === 0 ? 1 : 0.9), 0),
    )
    const last = parts.at(-1)
    expect(last && tokens(last)).toEqual(['1', '3'])
    expect(last?.found.map(({ edits }) => edits[0]?.option)).toEqual([0, 0])
    expect(last).toMatchObject({ size: 1, tried: 8, left: 0 })
  })

  it('keeps the strongest of several edits of a token, whenever it is tried', async () => {
    // Of 20 options, tried in two groups, the last is the best.
    const last = (await partsOf(candidates(1, 20), ([edit]) => -1 - (edit?.option ?? 0))).at(-1)
    expect(last?.found.map(({ margin }) => margin)).toEqual([-20])
  })

  it('goes on to pairs and triples where no single edit does, and only then', async () => {
    const additive = (edits: Edits): number => 5.5 - edits.reduce((sum, { token }) => sum + token, 0)
    const last = (await partsOf(candidates(4), additive)).at(-1)
    expect(last && tokens(last)).toEqual(['1,2,3'])
    expect(last?.size).toBe(3)
  })

  it('gives only answers of which every edit is needed', async () => {
    // Token 0 alone does it, but only the beam's sets show that: singles are refused in the margin of noise.
    const parts = await partsOf(candidates(5), (edits) =>
      edits.length >= 2 && edits.some(({ token }) => token === 1) && edits.some(({ token }) => token === 4)
        ? -1
        : 1 + (edits[0]?.token ?? 0),
    )
    const last = parts.at(-1)
    expect(last && tokens(last)).toEqual(['1,4'])
  })

  it('ends where nothing does it, with what came closest', async () => {
    const last = (await partsOf(candidates(3), (edits) => 10 - edits.length, { size: 2 })).at(-1)
    expect(last).toMatchObject({ found: [], closest: { margin: 8 }, size: 2, left: 0 })
  })

  it('has no more answers than are wanted', async () => {
    const last = (await partsOf(candidates(30), () => -1, { answers: 3 })).at(-1)
    expect(last?.found).toHaveLength(3)
    expect(last?.tried).toBe(16)
  })

  it('has nothing to try without candidates, and ends when it is cancelled', async () => {
    expect(await partsOf([], () => -1)).toEqual([])
    const stop = new AbortController()
    const search = searchCounterfactuals(
      candidates(40),
      async (sets, cancel) => {
        cancel.throwIfAborted()
        stop.abort(new Error('stopped'))
        return new Float64Array(sets.length).fill(1)
      },
      LIMITS,
      stop.signal,
    )
    await expect(async () => {
      for await (const _part of search);
    }).rejects.toThrow('stopped')
  })
})
