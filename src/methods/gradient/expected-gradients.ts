// Integrated gradients from many baselines, and their mean: no single text that says nothing has to be chosen.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { randomNumbers } from '#tensor/random'
import { elementAt, float32At, l2Norm } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { createSampleMean, samplesFor } from '../sample-mean.ts'
import { difference, tokenProducts } from './token-values.ts'

/** Rows of random words at most. */
const MOST_ROWS = 128
/** Fewer may all have missed where the model turns, and agree. */
const LEAST_ROWS = 16
const GROUP = 4
/** Enough when the errors together are this share of the values together, by Euclidean length. */
const TOLERANCE = 0.1
const SEED = 1

/**
 * Each token's way from a random word to its own, times the gradient at a random place of that way, summed over its components: the mean
 * over rows of random words; signed, in units of the target, and adding up to the target less its mean over those rows. Erion et al.
 * (2021), "Improving performance of deep learning models with axiomatic attribution priors and expected gradients", equation 3. Places
 * are stratified, one in each of `MOST_ROWS` equal stretches, and come in pairs that mirror each other, so that partial answers see the whole way,
 * too. The same at every run.
 */
export async function* expectedGradients(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { embeddings, output } = await model.input(cancel)
  const random = randomNumbers(SEED)
  const mean = createSampleMean(model.tokens)
  let outputs = 0
  let spent = 1
  for (let rows = GROUP; rows <= MOST_ROWS; rows += GROUP) {
    const begins: Float32Array[] = []
    const points: Float32Array[] = []
    for (let row = rows - GROUP; row < rows; row++) {
      const begin = await model.randomWords(random, cancel)
      const stratum = (spread(Math.floor(row / 2), MOST_ROWS / 2) + random()) / MOST_ROWS
      const place = row % 2 === 0 ? stratum : 1 - stratum
      begins.push(begin)
      points.push(begin.map((value, at) => value + place * (float32At(embeddings, at) - value)))
    }
    const found = await model.gradients([...points, ...begins], cancel)
    spent += found.length
    begins.forEach((begin, at) => {
      const { gradient } = elementAt(found, at)
      mean.add(tokenProducts(difference(embeddings, begin), gradient, model.tokens))
      outputs += elementAt(found, GROUP + at).output
    })
    const [values, errors] = [mean.values(), mean.errors()]
    const [error, allowed] = [l2Norm(errors), TOLERANCE * l2Norm(values)]
    const sure = error <= allowed ? rows : samplesFor({ done: rows, error, allowed, step: GROUP, most: MOST_ROWS })
    const wanted = Math.max(LEAST_ROWS, sure)
    const left = 2 * (wanted - rows)
    yield { values, errors, isSigned: true, output, expectedSum: output - outputs / rows, runs: spent, left, doubts: [] }
    if (left === 0) return
  }
}

/** The numbers below a power of two in an order that is spread evenly from the first few on: bits reversed (van der Corput, 1935). */
function spread(place: number, count: number): number {
  let reversed = 0
  for (let bit = 1, weight = count / 2; bit < count; bit *= 2, weight /= 2) if ((place & bit) !== 0) reversed += weight
  return reversed
}
