// Shapley values of a game that is told from some of its payoffs: few passes to a given accuracy.

import { randomNumbers } from '#tensor/random'
import { inSlices } from '#tensor/slices'
import { type Coalition, fullCoalition, type GameMethod, withPlayers } from '../game.ts'
import { coalitionDraw, nextCoalitions, shapleySizes } from '../gaussian-process/coalition-sampler.ts'
import { createGameInterpolation } from '../gaussian-process/game-interpolation.ts'
import { GROUP, stepAfter, stoppingRule } from '../gaussian-process/stopping-rule.ts'
import type { SymmetricFunctional } from '../gaussian-process/symmetric-functional.ts'

const SEED = 1
const NEED = { each: 4, most: 1000 }

/**
 * The Shapley values of a Gaussian process through the payoffs that are known (see `createGameInterpolation`), with its standard deviations
 * as errors. Known are at first nobody, all, each player alone and all but each; then coalitions drawn by the Shapley kernel with their
 * complements, none twice. With all coalitions it is exact. Adds up to f(all) - f(none) once each player is known; until then values are
 * the mean of what a player changes alone and last, and NaN for those still to come. The same at every run.
 */
export const interpolatedShapley: GameMethod = async function* (game, cancel) {
  const { players } = game
  const interpolation = createGameInterpolation(shapleyFunctional(players))
  const ask = async (coalitions: readonly Coalition[]): Promise<void> => {
    interpolation.add(coalitions, await game.payoffs(coalitions, cancel))
  }
  const [nobody, all] = [new Uint8Array(players), fullCoalition(players)]
  await ask([nobody, all])
  const [none, output] = [interpolation.payoffOf(nobody), interpolation.payoffOf(all)]
  const ends = new Float64Array(players).fill(Number.NaN)
  for (let first = 0; first < players; first += GROUP / 2) {
    const some = Array.from({ length: Math.min(GROUP / 2, players - first) }, (_, at) => {
      const player = first + at
      return { player, alone: withPlayers(nobody, [player], 1), without: withPlayers(all, [player], 0) }
    })
    await ask(some.flatMap(({ alone, without }) => [alone, without]))
    for (const { player, alone, without } of some) {
      ends[player] = (interpolation.payoffOf(alone) - none + output - interpolation.payoffOf(without)) / 2
    }
    const left = 2 * (players - first - some.length)
    if (left > 0) yield { values: ends.slice(), errors: null, expectedSum: null, output, left }
  }
  const random = randomNumbers(SEED)
  const sizes = shapleySizes(players)
  const drawOne = coalitionDraw(sizes, random)
  const anySize = coalitionDraw(candidateSizes(sizes), random)
  const drawPair = (): readonly Coalition[] => {
    const coalition = drawOne()
    return [coalition, coalition.map((present) => 1 - present)]
  }
  const { most, left: leftAfter } = stoppingRule(players, NEED)
  for (;;) {
    const found = (await inSlices(interpolation.answer(), () => game.pause(cancel))) ?? { values: ends, errors: ends }
    const done = interpolation.known.length
    const left = leftAfter(found, interpolation.payoffs)
    yield { values: found.values, errors: done === 2 ** players ? null : found.errors, expectedSum: output - none, output, left }
    if (left === 0) return
    const next = nextCoalitions(Math.min(stepAfter(done), most - done), interpolation, drawPair, anySize)
    await ask(await inSlices(next, () => game.pause(cancel)))
  }
}

/** Half as the Shapley kernel has them, half all alike. */
function candidateSizes(sizes: Float64Array): Float64Array {
  const total = sizes.reduce((sum, one) => sum + one, 0)
  return sizes.map((one) => (one === 0 ? 0 : one / total + 1 / Math.max(1, sizes.length - 2)))
}

/** phi_i = sum over S without i of (f(S and i) - f(S)) / (n C(n-1, |S|)) (Shapley, 1953): all sizes count alike. */
export function shapleyFunctional(players: number): SymmetricFunctional {
  return { players, share: (inside) => (inside === 1 ? 1 : -1) / players }
}
