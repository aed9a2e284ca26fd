// The search for the fewest units without which the answer is another: the strongest one by one, then together.

import type { Removal } from '#catalogue/attribution-options'
import type { Claim, Without } from '../api.ts'

/** Of the units that the answer rests on most, so many are deleted one by one. */
export const MOST_SINGLE = 6
/** And so many are tried in pairs, and one after the other in growing sets. */
const MOST_PAIRED = 4
const MOST_TOGETHER = 5

/** What the model answers without some units. */
export type Try = (sets: readonly (readonly number[])[], removal: Removal) => Promise<readonly Without[]>

/**
 * @param order units, those first that the answer rests on most
 * @param singles without each unit, as the drops were found
 * @param answer index of what the model answers to the whole text
 * @param speaksFor whether the answer loses when the unit alone is taken away
 */
export async function findClaim(
  order: readonly number[],
  singles: readonly Without[],
  answer: number,
  speaksFor: (unit: number) => boolean,
  without: Try,
): Promise<Claim> {
  const turns = ({ answer: { index } }: Without): boolean => index !== answer
  const deleted = await without(
    order.slice(0, MOST_SINGLE).map((unit) => [unit]),
    'delete',
  )
  const each = deleted.filter(turns)
  if (each.length > 0) return { kind: 'each', without: each }
  const together = await smallestTogether(order, turns, speaksFor, without)
  if (together !== null) return { kind: 'together', without: together }
  const least = singles.toSorted((one, other) => one.before - other.before)[0]
  if (least === undefined) return { kind: 'nothing-to-remove' }
  return { kind: turns(least) ? 'masked' : 'none-alone', without: least }
}

/**
 * Pairs of the strongest first, then growing sets, thinned out as long as they still turn the answer over. A unit that speaks against the
 * answer is named only where no pair without such a one does it. Where the answer stays without all of them and without the strongest two,
 * no more is tried: what lies between seldom turns it over, and a reader waits for it.
 */
async function smallestTogether(
  order: readonly number[],
  turns: (tried: Without) => boolean,
  speaksFor: (unit: number) => boolean,
  without: Try,
): Promise<Without | null> {
  const strongest = order.slice(0, MOST_PAIRED)
  const pairs = strongest.flatMap((one, at) => strongest.slice(at + 1).map((other) => [one, other]))
  // A text of two words is not asked without both.
  const isPart = (set: readonly number[]): boolean => set.length < order.length
  const extremes = [order.slice(0, MOST_TOGETHER), order.slice(0, 2)].filter((set) => set.length > 1 && isPart(set))
  if (extremes.length > 1 && !(await without(extremes, 'delete')).some(turns)) return null
  const turning = (await without(pairs.filter(isPart), 'delete')).filter(turns).toSorted((one, other) => one.before - other.before)
  const found = turning.find(({ units }) => units.every(speaksFor)) ?? turning[0]
  if (found) return found
  const sizes = Array.from({ length: Math.max(0, MOST_TOGETHER - 2) }, (_, at) => at + 3)
  const growing = sizes.map((size) => order.slice(0, size)).filter((set, at) => set.length === sizes[at] && isPart(set))
  const first = (await without(growing, 'delete')).find(turns)
  return first === undefined ? null : thinned(first, turns, without)
}

async function thinned(tried: Without, turns: (tried: Without) => boolean, without: Try): Promise<Without> {
  const smaller = tried.units.map((unit) => tried.units.filter((other) => other !== unit))
  const found = (await without(smaller, 'delete')).find(turns)
  return found === undefined || found.units.length < 2 ? tried : thinned(found, turns, without)
}
