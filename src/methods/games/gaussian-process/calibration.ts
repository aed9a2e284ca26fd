// Whether answers keep within what they said of themselves.

import { float64At } from '#tensor/vector'
import type { InterpolatedValues } from './gaussian-process.ts'

/** Moves that count as having been as large as was said, before any is seen. */
const PRIOR = 1
/** Of the variance before a move, the least that it is taken to take away. */
const LEAST_DROP = 0.1

/**
 * Of a model that is right, an answer moves by as much as its variance falls: the squares of a move, over all players, are the variance
 * before less that after, in the mean (a martingale's increments). Where moves have been larger, errors are given larger by as much,
 * never smaller.
 */
export function createCalibration(): (answer: InterpolatedValues) => InterpolatedValues {
  let before: InterpolatedValues | null = null
  let [ratios, moves] = [PRIOR, PRIOR]
  return (answer) => {
    if (before !== null) {
      let [moved, fallen] = [0, 0]
      for (const [player, value] of answer.values.entries()) {
        const variance = float64At(before.errors, player) ** 2
        moved += (value - float64At(before.values, player)) ** 2
        fallen += Math.max(variance - float64At(answer.errors, player) ** 2, LEAST_DROP * variance)
      }
      if (fallen > 0) {
        ratios += moved / fallen
        moves++
      }
    }
    before = answer
    const factor = Math.sqrt(Math.max(1, ratios / moves))
    return { values: answer.values, errors: answer.errors.map((error) => factor * error) }
  }
}
