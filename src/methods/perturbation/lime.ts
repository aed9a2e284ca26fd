// A linear model of which units are there, fitted to texts close to the given one.

import { randomNumbers } from '#tensor/random'
import { rankCorrelation } from '#tensor/rank-correlation'
import { type Coalition, fullCoalition, type GameMethod } from './game.ts'
import { type Fit, type Moments, momentsOf, ridge } from './regression.ts'

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
 * correlation of coefficients between parts of the samples. The same at every run.
 * @param features units that may have a coefficient; 0 for all
 */
export function lime(features: number): GameMethod {
  return async function* (game, cancel) {
    const { players } = game
    const draw = neighbourDraw(players, randomNumbers(SEED))
    const samples: Coalition[] = [fullCoalition(players)]
    const targets: number[] = []
    while (targets.length < SAMPLES) {
      while (samples.length < targets.length + GROUP) samples.push(draw())
      targets.push(...(await game.payoffs(samples.slice(targets.length), cancel)))
      const fit = limeFit(samples, targets, features)
      const [output = Number.NaN] = targets
      yield {
        values: fit.coefficients,
        errors: null,
        expectedSum: null,
        output,
        left: Math.max(0, SAMPLES - targets.length),
        figures: { r2: fit.r2, stability: stabilityOf(samples, targets, features) },
        surrogate: {
          coalitions: Uint8Array.from(samples.flatMap((sample) => Array.from(sample))),
          outputs: Float32Array.from(targets),
          fitted: Float32Array.from(samples, (sample) => fittedAt(fit, sample)),
          weights: Float32Array.from(samples, kernelWeight),
          coefficients: Float32Array.from(fit.coefficients),
          intercept: fit.intercept,
        },
      }
    }
  }
}

/** The surrogate of samples and their payoffs. @param features units that may have a coefficient; 0 for all */
export function limeFit(samples: readonly Coalition[], payoffs: readonly number[], features: number): Fit {
  const moments = momentsOf(samples, payoffs, samples.map(kernelWeight))
  return ridge(moments, chosenFeatures(moments, features), PENALTY)
}

/** Up to so many features are chosen one by one. */
const MOST_FORWARD = 6
const WEIGHING_PENALTY = 0.01

/** As the authors' software does by itself: a few one after the other, each the one that fits best beside those before; of many the largest. */
function chosenFeatures(moments: Moments, count: number): readonly number[] {
  const all = Array.from(moments.cross.keys())
  if (count === 0 || count >= all.length) return all
  if (count > MOST_FORWARD) {
    const { coefficients } = ridge(moments, all, WEIGHING_PENALTY)
    return all.toSorted((one, other) => Math.abs(coefficients[other] ?? 0) - Math.abs(coefficients[one] ?? 0)).slice(0, count)
  }
  const chosen: number[] = []
  while (chosen.length < count) {
    const rest = all.filter((feature) => !chosen.includes(feature))
    const fits = rest.map((feature) => ridge(moments, [...chosen, feature], 0).r2)
    chosen.push(rest[fits.indexOf(Math.max(...fits))] ?? 0)
  }
  return chosen
}

function fittedAt({ coefficients, intercept }: Fit, sample: Coalition): number {
  return sample.reduce((sum, present, player) => sum + present * (coefficients[player] ?? 0), intercept)
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

function stabilityOf(samples: readonly Coalition[], payoffs: readonly number[], features: number): number {
  const [whole] = samples
  const fits = Array.from({ length: PARTS }, (_, part) => {
    const own = samples.flatMap((sample, at) => (at > 0 && at % PARTS === part ? [{ sample, payoff: payoffs[at] ?? Number.NaN }] : []))
    const rows = [...(whole ? [whole] : []), ...own.map(({ sample }) => sample)]
    return limeFit(rows, [payoffs[0] ?? Number.NaN, ...own.map(({ payoff }) => payoff)], features).coefficients
  })
  // A single unit is always in the same order.
  if (whole !== undefined && whole.length < 2) return 1
  const pairs = fits.flatMap((one, at) => fits.slice(at + 1).map((other) => rankCorrelation(one, other)))
  return pairs.reduce((sum, value) => sum + value, 0) / Math.max(1, pairs.length)
}
