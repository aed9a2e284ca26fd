// Each unit's mean contribution over all orders in which units can join: by trying every coalition.

import { float64At } from '#tensor/vector'
import type { Coalition, GameMethod } from '../game.ts'

/** 4,096 coalitions: a minute of a small model. */
export const MOST_EXACT_PLAYERS = 12
/** Coalitions between two partial answers. */
const GROUP = 64

/**
 * Shapley (1953), "A value for n-person games"; exact, and adding up to f(all) - f(none). Partial answers average over the coalitions
 * known so far, by size of coalition, and are rough before the end.
 * @throws RangeError beyond `MOST_EXACT_PLAYERS` players
 */
export const exactShapley: GameMethod = async function* (game, cancel) {
  const { players } = game
  if (players > MOST_EXACT_PLAYERS) throw new RangeError(`${players} players have too many coalitions`)
  const count = 2 ** players
  const payoffs = new Float64Array(count).fill(Number.NaN)
  // Small coalitions and large ones first: there most is decided.
  const order = Array.from({ length: count }, (_, subset) => subset).sort((one, other) => rankOf(one, players) - rankOf(other, players))
  for (let done = 0; done < count; done += GROUP) {
    const subsets = order.slice(done, done + GROUP)
    const found = await game.payoffs(
      subsets.map((subset) => coalitionOf(subset, players)),
      cancel,
    )
    subsets.forEach((subset, at) => {
      payoffs[subset] = float64At(found, at)
    })
    const [none = Number.NaN, all = Number.NaN] = [payoffs[0], payoffs[count - 1]]
    const left = Math.max(0, count - done - subsets.length)
    yield { values: shapleyValues(payoffs, players), errors: null, expectedSum: all - none, output: all, left }
  }
}

/** Distance of a subset's size from none and from all, the nearer one. */
function rankOf(subset: number, players: number): number {
  const size = sizeOf(subset)
  return Math.min(size, players - size)
}

function sizeOf(subset: number): number {
  let size = 0
  for (let rest = subset; rest > 0; rest &= rest - 1) size++
  return size
}

function coalitionOf(subset: number, players: number): Coalition {
  return Uint8Array.from({ length: players }, (_, player) => (subset >> player) & 1)
}

/**
 * Mean over sizes of the mean marginal contribution at that size, over the coalitions whose payoffs are known.
 * @param payoffs [2^players], by bits of the subset; NaN where not known
 */
function shapleyValues(payoffs: Float64Array, players: number): Float64Array {
  return Float64Array.from({ length: players }, (_, player) => {
    const sums = new Float64Array(players)
    const counts = new Float64Array(players)
    for (let subset = 0; subset < payoffs.length; subset++) {
      if (((subset >> player) & 1) === 1) continue
      const gain = float64At(payoffs, subset | (1 << player)) - float64At(payoffs, subset)
      if (Number.isNaN(gain)) continue
      const size = sizeOf(subset)
      sums[size] = float64At(sums, size) + gain
      counts[size] = float64At(counts, size) + 1
    }
    const known = Array.from(sums.keys()).filter((size) => float64At(counts, size) > 0)
    return known.reduce((total, size) => total + float64At(sums, size) / float64At(counts, size), 0) / Math.max(1, known.length)
  })
}
