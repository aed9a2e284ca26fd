// Shapley values as the best additive fit to the payoffs of random coalitions, each with its complement.

import { createCholesky, TRACE } from '#tensor/cholesky'
import { randomNumbers } from '#tensor/random'
import { inSlices, type Steps } from '#tensor/slices'
import { float64At, l2Norm, sumOf } from '#tensor/vector'
import { samplesFor } from '../../sample-mean.ts'
import { type Coalition, fullCoalition, type GameMethod } from '../game.ts'
import { coalitionDraw, shapleySizes } from '../gaussian-process/coalition-sampler.ts'
import { exactShapley } from './exact-shapley.ts'

const SEED = 1
/** Pairs of coalitions in a batch, of which there are these many. */
const GROUP = 8
const MOST_GROUPS = 64
/** Fewer may agree by chance. */
const LEAST_GROUPS = 6
/** Errors are the spread of fits that each leave one of these blocks out. */
const BLOCKS = 16
/** 97.5 % quantiles, of Student's distribution with as many blocks less one and of the normal one: so few blocks do not know their own spread. */
const UNSURE = 2.131 / 1.96
const TOLERANCE = 0.05

/**
 * Lundberg & Lee (2017), "A unified approach to interpreting model predictions", equation 8: a weighted regression whose solution are the
 * Shapley values, constrained to add up to f(all) - f(none). Coalitions are drawn by the kernel's weight of their size, in pairs of
 * complements, which halves the noise and more (Covert & Lee, 2021, "Improving KernelSHAP", section 4.3). Errors are by the jackknife over
 * blocks of samples. Of few players all coalitions are tried, which takes no more. The same at every run.
 */
export const kernelShap: GameMethod = async function* (game, cancel) {
  const { players } = game
  if (2 ** players <= 2 * GROUP * LEAST_GROUPS) {
    yield* exactShapley(game, cancel)
    return
  }
  const [none = Number.NaN, all = Number.NaN] = await game.payoffs([new Uint8Array(players), fullCoalition(players)], cancel)
  const expectedSum = all - none
  const random = randomNumbers(SEED)
  const draw = coalitionDraw(shapleySizes(players), random)
  const blocks = Array.from({ length: BLOCKS }, () => createSums(players))
  for (let group = 1; group <= MOST_GROUPS; group++) {
    const coalitions = Array.from({ length: GROUP }, draw).flatMap((coalition) => [coalition, coalition.map((present) => 1 - present)])
    const payoffs = await game.payoffs(coalitions, cancel)
    coalitions.forEach(
      (coalition, at) => void blocks[((group - 1) * GROUP + Math.floor(at / 2)) % BLOCKS]?.add(coalition, float64At(payoffs, at) - none),
    )
    const whole = totalOf(blocks, players)
    const values = solved(whole, null, players, expectedSum)
    const partial = await inSlices(leavingOut(blocks, whole, players, expectedSum), () => game.pause(cancel))
    const errors = values.map((_, player) => {
      const mean = partial.reduce((sum, one) => sum + float64At(one, player), 0) / BLOCKS
      return UNSURE * Math.sqrt(((BLOCKS - 1) / BLOCKS) * partial.reduce((sum, one) => sum + (float64At(one, player) - mean) ** 2, 0))
    })
    // A fit has as many unknowns as players.
    const [error, allowed] = [l2Norm(errors), TOLERANCE * l2Norm(values)]
    const isSettled = group * GROUP * 2 >= 4 * players && group >= LEAST_GROUPS && error <= allowed
    const wanted = isSettled ? group : samplesFor({ done: group, error, allowed, step: 1, most: MOST_GROUPS })
    yield { values, errors, expectedSum, output: all, left: 2 * GROUP * (wanted - group) }
    if (isSettled) return
  }
}

/** The fit without each block. */
function* leavingOut(
  blocks: readonly Sums[],
  whole: Pick<Sums, 'together' | 'payoffs'>,
  players: number,
  expectedSum: number,
): Steps<readonly Float64Array[]> {
  const partial: Float64Array[] = []
  for (const block of blocks) {
    partial.push(solved(whole, block, players, expectedSum))
    yield players ** 3 / 6
  }
  return partial
}

interface Sums {
  /** [players, players]: how often two are together. */
  readonly together: Float64Array
  /** [players]: sum of payoffs with the player. */
  readonly payoffs: Float64Array
  add(coalition: Coalition, payoff: number): void
}

function createSums(players: number): Sums {
  const together = new Float64Array(players * players)
  const payoffs = new Float64Array(players)
  return {
    together,
    payoffs,
    add: (coalition, payoff) => {
      coalition.forEach((present, one) => {
        if (present === 0) return
        payoffs[one] = float64At(payoffs, one) + payoff
        coalition.forEach((also, other) => {
          if (also === 1) together[one * players + other] = float64At(together, one * players + other) + 1
        })
      })
    },
  }
}

function totalOf(blocks: readonly Sums[], players: number): Pick<Sums, 'together' | 'payoffs'> {
  const whole = createSums(players)
  for (const { together, payoffs } of blocks) {
    for (const [at, count] of together.entries()) whole.together[at] = float64At(whole.together, at) + count
    for (const [at, payoff] of payoffs.entries()) whole.payoffs[at] = float64At(whole.payoffs, at) + payoff
  }
  return whole
}

/** A^-1 (b - 1 (1'A^-1 b - sum) / (1'A^-1 1)), as in Covert & Lee (2021), equation 7. @param without samples that are left out */
function solved(
  whole: Pick<Sums, 'together' | 'payoffs'>,
  without: Pick<Sums, 'together' | 'payoffs'> | null,
  players: number,
  expectedSum: number,
): Float64Array {
  const rest = (of: 'together' | 'payoffs', at: number): number =>
    float64At(whole[of], at) - (without === null ? 0 : float64At(without[of], at))
  const scale = Math.max(...Array.from({ length: players }, (_, player) => rest('together', player * players + player)), 1)
  // What no sample tells of is held at zero by a trace of a penalty.
  const factor = createCholesky()
  for (let one = 0; one < players; one++) {
    const row = Float64Array.from({ length: one }, (_, other) => rest('together', one * players + other))
    factor.append([row], rest('together', one * players + one) + TRACE * scale, TRACE * scale)
  }
  const free = factor.solve(Float64Array.from({ length: players }, (_, player) => rest('payoffs', player)))
  const unit = factor.solve(new Float64Array(players).fill(1))
  const excess = (sumOf(free) - expectedSum) / sumOf(unit)
  return free.map((value, player) => value - excess * float64At(unit, player))
}
