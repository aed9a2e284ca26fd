// A linear model of which units are there, fitted to texts close to the given one.

import { randomNumbers } from '#tensor/random'
import { type Coalition, fullCoalition, type GameMethod } from './game.ts'
import { type Fit, ridge } from './regression.ts'

const SEED = 1
const SAMPLES = 500
const GROUP = 20
/** Ribeiro et al.'s for text: of the distance in percent. */
const KERNEL_WIDTH = 25
const PENALTY = 1
/** The samples are parted into as many, each as if drawn with a seed of its own. */
const PARTS = 3

/**
 * Ribeiro et al. (2016), "Why should I trust you?": ridge regression on the presence of units, samples weighted by their cosine
 * similarity to the whole text. `figures`: r2, how much of the target's variance near the text is linear; stability, the mean rank
 * correlation of coefficients between parts of the samples. Of the software's feature selection nothing is done: all units stay. The same
 * at every run.
 */
export const lime: GameMethod = async function* (game, cancel) {
  const { players } = game
  const draw = neighbourDraw(players, randomNumbers(SEED))
  const samples: Coalition[] = [fullCoalition(players)]
  const targets: number[] = []
  while (targets.length < SAMPLES) {
    while (samples.length < targets.length + GROUP) samples.push(draw())
    targets.push(...(await game.payoffs(samples.slice(targets.length), cancel)))
    const fit = limeFit(samples, targets)
    const figures = { r2: fit.r2, stability: stabilityOf(samples, targets) }
    const [output = Number.NaN] = targets
    const left = Math.max(0, SAMPLES - targets.length)
    yield { values: fit.coefficients, errors: null, expectedSum: null, output, left, figures }
  }
}

/** The surrogate of samples and their payoffs. */
export function limeFit(samples: readonly Coalition[], payoffs: readonly number[]): Fit {
  return ridge(samples, payoffs, samples.map(kernelWeight), PENALTY)
}

/** sqrt(exp(-d^2 / width^2)) of d = 100 (1 - cosine) between a sample and the whole text, whose cosine is the root of the share that stays. */
function kernelWeight(sample: Coalition): number {
  const share = sample.reduce((sum, present) => sum + present, 0) / Math.max(1, sample.length)
  const distance = 100 * (1 - Math.sqrt(share))
  return Math.sqrt(Math.exp(-(distance ** 2) / KERNEL_WIDTH ** 2))
}

/** As many units as may be are taken away, any number alike often, and any units of that number. */
function neighbourDraw(players: number, random: () => number): () => Coalition {
  return () => {
    let wanted = 1 + Math.floor(random() * players)
    const sample = fullCoalition(players)
    for (let player = 0; player < players; player++) {
      if (random() * (players - player) >= wanted) continue
      sample[player] = 0
      wanted--
    }
    return sample
  }
}

function stabilityOf(samples: readonly Coalition[], payoffs: readonly number[]): number {
  const [whole] = samples
  const fits = Array.from({ length: PARTS }, (_, part) => {
    const own = samples.flatMap((sample, at) => (at > 0 && at % PARTS === part ? [{ sample, payoff: payoffs[at] ?? Number.NaN }] : []))
    const rows = [...(whole ? [whole] : []), ...own.map(({ sample }) => sample)]
    return limeFit(rows, [payoffs[0] ?? Number.NaN, ...own.map(({ payoff }) => payoff)]).coefficients
  })
  const pairs = fits.flatMap((one, at) => fits.slice(at + 1).map((other) => rankCorrelation(one, other)))
  return pairs.reduce((sum, value) => sum + value, 0) / Math.max(1, pairs.length)
}

/** Spearman's, of values without ties. */
function rankCorrelation(one: Float64Array, other: Float64Array): number {
  const ranks = (values: Float64Array): Float64Array => {
    const order = Array.from(values.keys()).sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0))
    const placed = new Float64Array(values.length)
    order.forEach((at, rank) => {
      placed[at] = rank
    })
    return placed
  }
  const count = one.length
  if (count < 2) return 1
  const [left, right] = [ranks(one), ranks(other)]
  const distance = left.reduce((sum, rank, at) => sum + (rank - (right[at] ?? 0)) ** 2, 0)
  return 1 - (6 * distance) / (count * (count ** 2 - 1))
}
