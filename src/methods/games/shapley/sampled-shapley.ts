// Each unit's mean contribution over random orders in which units join, each with its reverse.

import { randomNumbers } from '#tensor/random'
import { elementAt, float64At, l2Norm } from '#tensor/vector'
import { createSampleMean, samplesFor } from '../../sample-mean.ts'
import { type Coalition, fullCoalition, type GameAnswer, type GameMethod, withPlayers } from '../game.ts'
import { exactShapley } from './exact-shapley.ts'

const SEED = 1
/** Orders with their reverses. */
const MOST_PAIRS = 100
/** Fewer may agree by chance. */
const LEAST_PAIRS = 8
/** Payoffs in a step. */
const GROUP = 16
/** 97.5 % quantiles, of Student's distribution over the normal one's, by Cornish and Fisher (1938): few pairs do not know their own spread. */
const FEW = (1.96 ** 2 + 1) / 4
/** Enough when the errors together are this share of the values together, by Euclidean length. */
const TOLERANCE = 0.05

/**
 * Castro et al. (2009), "Polynomial calculation of the Shapley value based on sampling", with antithetic orders (Mitchell et al., 2022,
 * "Sampling permutations for Shapley value estimation"): what joins early in one joins late in its reverse. Adds up to f(all) - f(none) at
 * any time. A pair of orders is one sample. Of few players all coalitions are tried, which takes no more. The same at every run.
 */
export const sampledShapley: GameMethod = async function* (game, cancel) {
  const { players } = game
  if (2 ** players <= 2 * LEAST_PAIRS * players) {
    yield* exactShapley(game, cancel)
    return
  }
  const random = randomNumbers(SEED)
  const mean = createSampleMean(players)
  const [none = Number.NaN, all = Number.NaN] = await game.payoffs([new Uint8Array(players), fullCoalition(players)], cancel)
  /** Of the orders so far; NaN while there is none. */
  let about: Omit<GameAnswer, 'left'> = { values: new Float64Array(players).fill(Number.NaN), errors: null, expectedSum: null, output: all }
  let wanted = LEAST_PAIRS
  for (let pairs = 1; pairs <= MOST_PAIRS; pairs++) {
    const order = shuffled(players, random)
    const orders = [order, order.toReversed()]
    const steps = orders.flatMap((one) => joining(one, players))
    const payoffs: number[] = []
    while (payoffs.length < steps.length) {
      payoffs.push(...(await game.payoffs(steps.slice(payoffs.length, payoffs.length + GROUP), cancel)))
      const left = 2 * (players - 1) * (Math.max(wanted, pairs) - pairs + 1) - payoffs.length
      if (payoffs.length < steps.length) yield { ...about, left }
    }
    const gains = new Float64Array(players)
    orders.forEach((one, which) => {
      let before = none
      one.forEach((player, at) => {
        const after = at === players - 1 ? all : elementAt(payoffs, which * (players - 1) + at)
        gains[player] = float64At(gains, player) + (after - before) / 2
        before = after
      })
    })
    mean.add(gains)
    const values = Float64Array.from(mean.values())
    const errors = Float64Array.from(mean.errors(), (error) => (1 + FEW / Math.max(1, pairs - 1)) * error)
    about = { values, errors, expectedSum: all - none, output: all }
    const [error, allowed] = [l2Norm(errors), TOLERANCE * l2Norm(values)]
    const sure = error <= allowed ? pairs : samplesFor({ done: pairs, error, allowed, step: 1, most: MOST_PAIRS })
    wanted = pairs < LEAST_PAIRS ? LEAST_PAIRS : sure
    const left = 2 * Math.max(0, players - 1) * (wanted - pairs)
    yield { ...about, left }
    if (wanted === pairs) return
  }
}

/** The coalitions on the way of an order, without none and all. */
function joining(order: readonly number[], players: number): readonly Coalition[] {
  const coalitions: Coalition[] = []
  let present = new Uint8Array(players)
  for (const player of order.slice(0, -1)) {
    present = withPlayers(present, [player], 1) as Uint8Array<ArrayBuffer>
    coalitions.push(present)
  }
  return coalitions
}

/** Fisher and Yates. */
function shuffled(count: number, random: () => number): readonly number[] {
  const order = Array.from({ length: count }, (_, at) => at)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [one = 0, two = 0] = [order[last], order[other]]
    order[last] = two
    order[other] = one
  }
  return order
}
