// LIME's linear model of given samples, as its authors' software fits it.

import { argmax, elementAt, float64At } from '#tensor/vector'
import { type Coalition, sizeOf } from '../game.ts'
import { type Fit, type Moments, momentsOf, ridge } from './regression.ts'

/** Ribeiro et al.'s for text: of the distance in percent. */
const KERNEL_WIDTH = 25
export const PENALTY = 1
/** Up to so many features are chosen one by one. */
const MOST_FORWARD = 6
const WEIGHING_PENALTY = 0.01

/**
 * The fit at once, as a test compares it.
 * @param features units that may have a coefficient; 0 for all
 * @internal
 */
export function limeFit(samples: readonly Coalition[], payoffs: readonly number[], features: number): Fit {
  const weights = samples.map((sample) => kernelWeight(sizeOf(sample), sample.length))
  return sparseRidge(momentsOf(samples, payoffs, weights), features)
}

/** The fit to the features that are chosen, among them. @param features how many; 0 for all */
export function sparseRidge(moments: Moments, features: number): Fit {
  return ridge(moments, chosenFeatures(moments, features), PENALTY)
}

/** sqrt(exp(-d^2 / width^2)) of d = 100 (1 - cosine) between a sample and the whole text, whose cosine is the root of the share that stays. */
export function kernelWeight(size: number, players: number): number {
  const distance = 100 * (1 - Math.sqrt(size / Math.max(1, players)))
  return Math.sqrt(Math.exp(-(distance ** 2) / KERNEL_WIDTH ** 2))
}

/** A few one after the other, each the one that fits best beside those before; of many the largest. */
function chosenFeatures(moments: Moments, count: number): readonly number[] {
  const all = Array.from(moments.cross.keys())
  if (count === 0 || count >= all.length) return all
  if (count > MOST_FORWARD) {
    const { coefficients } = ridge(moments, all, WEIGHING_PENALTY)
    return all.toSorted((one, other) => Math.abs(float64At(coefficients, other)) - Math.abs(float64At(coefficients, one))).slice(0, count)
  }
  const chosen: number[] = []
  while (chosen.length < count) {
    const rest = all.filter((feature) => !chosen.includes(feature))
    const fits = rest.map((feature) => ridge(moments, [...chosen, feature], 0).r2)
    chosen.push(elementAt(rest, argmax(fits)))
  }
  return chosen
}
