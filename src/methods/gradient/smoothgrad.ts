// Input x gradient with the gradient's jitter taken out: its mean over inputs with a little noise.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { normalNumbers } from '#tensor/random'
import { float32At, float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { createSampleMean } from '../sample-mean.ts'
import { tokenProducts } from './token-values.ts'

/** Smilkov et al. find little gain beyond 50; the order of words settles sooner. */
const SAMPLES = 24
const GROUP = 4
/**
 * The noise's standard deviation as a share of the root mean square of the embeddings' components, so that its length is that share of
 * a typical word's. Smilkov et al. take 10 to 20 % of the range, of pixels: over hundreds of components, which a few outliers stretch,
 * such noise would be longer than the words.
 */
const NOISE = 0.15
const SEED = 1

/**
 * Each token's embedding times the mean gradient over noisy inputs, summed over its components: signed, in units of the target. Smilkov
 * et al. (2017), "SmoothGrad", whose mean gradient is multiplied by the input. Noise comes in pairs of opposite sign, which cancels what is
 * odd in it. The same at every run.
 */
export async function* smoothgrad(
  model: TargetModel,
  _: AttributionOptions,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { embeddings, output } = await model.input(cancel)
  const deviation = NOISE * Math.sqrt(embeddings.reduce((sum, value) => sum + value * value, 0) / Math.max(1, embeddings.length))
  const normal = normalNumbers(SEED)
  const mean = createSampleMean(model.tokens)
  for (let done = 0; done < SAMPLES; ) {
    const points = Array.from({ length: GROUP / 2 }, () => noisyPair(embeddings, () => deviation * normal())).flat()
    const products = (await model.gradients(points, cancel)).map(({ gradient }) => tokenProducts(embeddings, gradient, model.tokens))
    // A pair is one sample: its halves are not independent.
    for (let at = 0; at < products.length; at += 2) mean.add(meanOf(products[at], products[at + 1]))
    done += points.length
    yield {
      values: mean.values(),
      errors: mean.errors(),
      isSigned: true,
      output,
      expectedSum: null,
      runs: 1 + done,
      left: SAMPLES - done,
      doubts: [],
    }
  }
}

function meanOf(one: Float64Array = new Float64Array(), other: Float64Array = one): Float64Array {
  return one.map((value, at) => (value + float64At(other, at)) / 2)
}

function noisyPair(embeddings: Float32Array, draw: () => number): readonly Float32Array[] {
  const noise = embeddings.map(draw)
  return [embeddings.map((value, at) => value + float32At(noise, at)), embeddings.map((value, at) => value - float32At(noise, at))]
}
