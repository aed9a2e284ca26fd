// Claims about models that are rules: what they say without some words is known.

import { describe, expect, it } from 'vitest'
import type { Claim, Without } from '../api.ts'
import { findClaim } from './claim.ts'

/** A text of `count` words. @param says 1 as long as the rule holds of the words that are there */
async function claimOf(
  count: number,
  rule: (isThere: (word: number) => boolean) => boolean,
  masked = rule,
  speaksFor: (word: number) => boolean = () => true,
): Promise<Claim> {
  const answerTo = (units: readonly number[], by: Without['removal']): Without => {
    const holds = (by === 'mask' ? masked : rule)((word) => !units.includes(word))
    return { units, removal: by, answer: { index: Number(holds), label: String(holds), probability: 0.9 }, before: holds ? 0.9 : 0.1 }
  }
  const words = Array.from({ length: count }, (_, word) => word)
  const singles = words.map((word) => answerTo([word], 'mask'))
  return findClaim(words, singles, 1, speaksFor, async (sets, by) => sets.map((set) => answerTo(set, by)))
}

describe('the fewest words without which the answer is another', () => {
  it('are each word that a conjunction needs', async () => {
    const claim = await claimOf(5, (isThere) => isThere(1) && isThere(3))
    expect(claim).toMatchObject({ kind: 'each', without: [{ units: [1] }, { units: [3] }] })
  })

  it('are both words of a disjunction', async () => {
    const claim = await claimOf(6, (isThere) => isThere(0) || isThere(2))
    expect(claim).toMatchObject({ kind: 'together', without: { units: [0, 2] } })
  })

  it('are a pair that speaks for the answer rather than one with a word against it', async () => {
    // Both pairs turn it over; word 0 speaks against the answer.
    const rule = (isThere: (word: number) => boolean): boolean => isThere(1) || (isThere(0) && isThere(2))
    expect(await claimOf(6, rule)).toMatchObject({ kind: 'together', without: { units: [0, 1] } })
    expect(await claimOf(6, rule, rule, (word) => word > 0)).toMatchObject({ kind: 'together', without: { units: [1, 2] } })
  })

  it('are three of three, and no fourth one', async () => {
    const claim = await claimOf(8, (isThere) => isThere(0) || isThere(1) || isThere(3))
    expect(claim).toMatchObject({ kind: 'together', without: { units: [0, 1, 3] } })
  })

  it('are none where the answer stays', async () => {
    expect((await claimOf(4, () => true)).kind).toBe('none-alone')
  })

  it('are not looked for in pairs where the answer stays without the strongest words together', async () => {
    const asked: (readonly number[])[] = []
    const words = Array.from({ length: 12 }, (_, word) => word)
    const stays = (units: readonly number[], removal: Without['removal']): Without => {
      return { units, removal, answer: { index: 1, label: 'true', probability: 0.9 }, before: 0.9 }
    }
    const singles = words.map((word) => stays([word], 'mask'))
    const claim = await findClaim(
      words,
      singles,
      1,
      () => true,
      async (sets, by) => {
        asked.push(...sets)
        return sets.map((set) => stays(set, by))
      },
    )
    expect(claim.kind).toBe('none-alone')
    expect(asked.filter(({ length }) => length > 1)).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1],
    ])
  })

  it('are told apart where a mask changes what a deletion does not', async () => {
    const claim = await claimOf(
      4,
      () => true,
      (isThere) => isThere(2),
    )
    expect(claim).toMatchObject({ kind: 'masked', without: { units: [2], removal: 'mask' } })
  })

  it('never are the whole text', async () => {
    expect((await claimOf(2, (isThere) => isThere(0) || isThere(1))).kind).toBe('none-alone')
  })
})
