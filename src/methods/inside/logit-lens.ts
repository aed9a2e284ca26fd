// The logit lens: what the model would say if it stopped after a layer. Every state of the residual stream goes through the final norm
// and the output head (nostalgebraist, "interpreting GPT: the logit lens", 2020). States of early layers were not made to be read so: that
// a token is not seen there does not say that it is not known.

import { outOfRange } from '#tensor/vector'

/** What one state reads as. */
export interface LensReading {
  /** The most likely token. */
  readonly top: number
  /** Of that, 0..1. */
  readonly probability: number
  /** In nats. */
  readonly entropy: number
  /** KL(final || lens) in nats: what is lost where the lens is taken for the model's answer. 0 for the final state. */
  readonly divergence: number
  /** One for each token that is asked about. */
  readonly asked: readonly AskedReading[]
}

export interface AskedReading {
  readonly logProbability: number
  /** 1 for the most likely. */
  readonly rank: number
  readonly score: number
}

/**
 * @param scores [N,V] of the states of one position, the final one last
 * @param asked tokens
 * @returns N readings
 */
export function readStates(scores: Float32Array, vocabulary: number, asked: readonly number[]): readonly LensReading[] {
  const rows = scores.length / vocabulary
  const final = scores.subarray((rows - 1) * vocabulary)
  const { largest, sum } = normaliser(final)
  const probabilities = new Float64Array(vocabulary)
  for (let at = 0; at < vocabulary; at++) probabilities[at] = Math.exp(read(final, at) - largest) / sum
  const own = Math.log(sum) - productOf(final, probabilities, largest)
  return Array.from({ length: rows }, (_, row) => {
    return readState(scores.subarray(row * vocabulary, (row + 1) * vocabulary), probabilities, own, asked)
  })
}

/** @param least the cross entropy of the final distribution with itself */
function readState(scores: Float32Array, final: Float64Array, least: number, asked: readonly number[]): LensReading {
  const { largest, sum, mean, top } = normaliser(scores)
  const logSum = Math.log(sum)
  return {
    top,
    probability: 1 / sum,
    entropy: logSum - mean,
    divergence: Math.max(0, logSum - productOf(scores, final, largest) - least),
    asked: asked.map((token) => {
      const own = read(scores, token)
      let rank = 1
      for (let at = 0; at < scores.length; at++) if (read(scores, at) > own) rank++
      return { logProbability: own - largest - logSum, rank, score: own }
    }),
  }
}

/** Sum of p (score - largest). */
function productOf(scores: Float32Array, p: Float64Array, largest: number): number {
  let product = 0
  for (let at = 0; at < scores.length; at++) product += share(p, at) * (read(scores, at) - largest)
  return product
}

interface Normaliser {
  readonly top: number
  readonly largest: number
  /** Of exp(score - largest). */
  readonly sum: number
  /** Of score - largest over the distribution. */
  readonly mean: number
}

function normaliser(scores: Float32Array): Normaliser {
  let top = 0
  let largest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < scores.length; at++) {
    const score = read(scores, at)
    if (score <= largest) continue
    largest = score
    top = at
  }
  let [sum, weighted] = [0, 0]
  for (let at = 0; at < scores.length; at++) {
    const score = read(scores, at) - largest
    const weight = Math.exp(score)
    sum += weight
    weighted += weight * score
  }
  return { top, largest, sum, mean: weighted / sum }
}

/** A local one: where modules are not bundled, calls of an imported one cost more than the sum. */
function read(scores: Float32Array, at: number): number {
  return scores[at] ?? outOfRange(at, scores.length)
}

function share(p: Float64Array, at: number): number {
  return p[at] ?? outOfRange(at, p.length)
}
