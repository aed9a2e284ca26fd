// What the target loses when one unit is taken away.

import { float64At } from '#tensor/vector'
import { fullCoalition, type GameMethod, withPlayers } from './game.ts'

/** Units between two partial answers. */
const GROUP = 8

/**
 * f(all) - f(all but one): the most direct of all attributions, and blind to what two units do together. Also called occlusion (Zeiler &
 * Fergus, 2014, "Visualizing and understanding convolutional networks", section 4.2). Units still to come are NaN.
 */
export const leaveOneOut: GameMethod = slidingWindow(1)

/**
 * f(all) - f(all but a window of neighbours), for each unit the mean over the windows that it is in. What no single unit carries, such
 * as a phrase, shows.
 * @param width units in a window
 */
export function slidingWindow(width: number): GameMethod {
  return async function* (game, cancel) {
    const { players } = game
    const full = fullCoalition(players)
    const [output = Number.NaN] = await game.payoffs([full], cancel)
    const reach = Math.min(width, players)
    const starts = Array.from({ length: Math.max(0, players - reach + 1) }, (_, start) => start)
    const sums = new Float64Array(players)
    const counts = new Float64Array(players)
    for (let done = 0; done < starts.length; done += GROUP) {
      const some = starts.slice(done, done + GROUP)
      const windows = some.map((start) => Array.from({ length: reach }, (_, at) => start + at))
      const payoffs = await game.payoffs(
        windows.map((window) => withPlayers(full, window, 0)),
        cancel,
      )
      windows.forEach((window, at) => {
        for (const player of window) {
          sums[player] = float64At(sums, player) + output - float64At(payoffs, at)
          counts[player] = float64At(counts, player) + 1
        }
      })
      const left = Math.max(0, starts.length - done - some.length)
      yield { values: sums.map((sum, player) => sum / float64At(counts, player)), errors: null, expectedSum: null, output, left }
    }
    if (starts.length === 0) yield { values: sums, errors: null, expectedSum: null, output, left: 0 }
  }
}
