// How the next token is chosen from a model's scores: a temperature, cuts that leave tokens out, and a draw among what is left.

import { randomNumbers } from '#tensor/random'
import { entropyOf } from '#tensor/softmax'
import { elementAt, float64At } from '#tensor/vector'

export interface SamplingRules {
  /** Scores are divided by it. 0: the most likely token, and nothing is drawn. */
  readonly temperature: number
  /** How many tokens are kept at most; null for all. */
  readonly topK: number | null
  /** Nucleus sampling: the fewest most likely tokens whose probabilities reach this, 0..1 (Holtzman et al., 2020); null for all. */
  readonly topP: number | null
  /** Tokens at least this share as likely as the most likely one, 0..1 (Nguyen et al., 2024); null for all. */
  readonly minP: number | null
  /** Locally typical sampling: the tokens whose surprise is nearest to the entropy, until their probabilities reach this, 0..1 (Meister et al., 2023); null for all. */
  readonly typical: number | null
}

export type CutName = 'topK' | 'topP' | 'minP' | 'typical'

/** In the order in which they are applied, each to what the one before it kept, as the library of transformers has it. */
export const CUTS: readonly CutName[] = ['topK', 'topP', 'minP', 'typical']

/** Tokens by falling probability. Ties: the smaller id first. */
export interface Ranked {
  /** [n] */
  readonly ids: Uint32Array
  /** [n] They sum to 1. */
  readonly probabilities: Float64Array
}

/**
 * Softmax in double precision.
 * @param scores [V] logits
 * @param temperature above 0
 * @returns [V]
 */
export function probabilitiesAt(scores: ArrayLike<number>, temperature: number): Float64Array {
  let largest = Number.NEGATIVE_INFINITY
  for (let id = 0; id < scores.length; id++) largest = Math.max(largest, elementAt(scores, id))
  const probabilities = new Float64Array(scores.length)
  let sum = 0
  for (let id = 0; id < scores.length; id++) {
    const exponential = Math.exp((elementAt(scores, id) - largest) / temperature)
    probabilities[id] = exponential
    sum += exponential
  }
  for (let id = 0; id < probabilities.length; id++) probabilities[id] = float64At(probabilities, id) / sum
  return probabilities
}

/** @param probabilities [V] */
export function ranked(probabilities: Float64Array): Ranked {
  const ids = Uint32Array.from(probabilities.keys()).sort(
    (one, other) => float64At(probabilities, other) - float64At(probabilities, one) || one - other,
  )
  return { ids, probabilities: Float64Array.from(ids, (id) => float64At(probabilities, id)) }
}

/** Whether a rule leaves anything out. */
function isCut(name: CutName, limit: number | null): limit is number {
  return limit !== null && (name === 'topK' || name === 'minP' ? limit > 0 : limit < 1)
}

/** What is left of a distribution after one cut, renormalised; at least the most likely token, or the most typical one. */
export function cut(tokens: Ranked, name: CutName, limit: number | null): Ranked {
  if (!isCut(name, limit)) return tokens
  const { ids, probabilities } = tokens
  switch (name) {
    case 'topK':
      return first(tokens, Math.max(1, Math.floor(limit)))
    case 'topP':
      return first(tokens, countReaching(probabilities, limit))
    case 'minP': {
      const least = limit * float64At(probabilities, 0)
      const count = probabilities.findIndex((probability) => probability < least)
      return first(tokens, count < 0 ? ids.length : Math.max(1, count))
    }
    case 'typical': {
      const entropy = entropyOf(probabilities)
      const distance = probabilities.map((probability) => Math.abs(-Math.log(probability) - entropy))
      const order = Uint32Array.from(ids.keys()).sort((one, other) => float64At(distance, one) - float64At(distance, other) || one - other)
      const count = countReaching(
        Float64Array.from(order, (at) => float64At(probabilities, at)),
        limit,
      )
      const kept = order.slice(0, count).sort()
      return renormalised({
        ids: kept.map((at) => elementAt(ids, at)),
        probabilities: Float64Array.from(kept, (at) => float64At(probabilities, at)),
      })
    }
  }
}

/** What is left after all cuts of the rules. */
export function cutBy(tokens: Ranked, rules: SamplingRules): Ranked {
  return CUTS.reduce((left, name) => cut(left, name, rules[name]), tokens)
}

/**
 * The token that a number chooses: the first by falling probability at which the cumulative probability is larger.
 * @param uniform of [0,1)
 */
export function drawn({ ids, probabilities }: Ranked, uniform: number): number {
  let sum = 0
  for (let at = 0; at < ids.length; at++) {
    sum += float64At(probabilities, at)
    if (uniform < sum) return elementAt(ids, at)
  }
  // Rounding may leave the sum a little below 1.
  return elementAt(ids, ids.length - 1)
}

/** The fewest from the front whose sum is at least `mass`; all where rounding leaves the sum below. */
function countReaching(probabilities: Float64Array, mass: number): number {
  let sum = 0
  for (let at = 0; at < probabilities.length; at++) {
    sum += float64At(probabilities, at)
    if (sum >= mass) return at + 1
  }
  return probabilities.length
}

function first({ ids, probabilities }: Ranked, count: number): Ranked {
  return count >= ids.length
    ? { ids, probabilities }
    : renormalised({ ids: ids.slice(0, count), probabilities: probabilities.slice(0, count) })
}

function renormalised({ ids, probabilities }: Ranked): Ranked {
  const sum = probabilities.reduce((total, probability) => total + probability, 0)
  return { ids, probabilities: probabilities.map((probability) => probability / sum) }
}

/**
 * The number that chooses the token at a place of a text. It depends on nothing else: whoever goes back and comes again, by a branch or after
 * a stop, draws the same.
 * @param place tokens before it
 */
export function uniformAt(seed: number, place: number): number {
  return randomNumbers(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b))()
}
