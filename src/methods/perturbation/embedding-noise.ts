// How much the target moves when a token's embedding is blurred.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { normalNumbers } from '#tensor/random'
import { float32At, float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'

const SEED = 1
/** Pairs of opposite noise for each token. */
const PAIRS = 6

/**
 * f(x) - mean of f(x + noise at one token), with standard errors over pairs of opposite noise: positive where the token as it is counts
 * for the target. `noise` is the length of the noise as a share of a typical embedding's. Signed, in units of the target. The same at
 * every run. Tokens still to come are NaN.
 */
export async function* embeddingNoise(
  model: TargetModel,
  { noise }: Pick<AttributionOptions, 'noise'>,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const embeddings = await model.embeddings(cancel)
  const [output = Number.NaN] = await model.outputs(new Map([['input', embeddings]]), cancel)
  const width = embeddings.length / model.tokens
  const deviation = noise * Math.sqrt(embeddings.reduce((sum, value) => sum + value * value, 0) / Math.max(1, embeddings.length))
  const normal = normalNumbers(SEED)
  const values = new Float32Array(model.tokens).fill(Number.NaN)
  const errors = new Float32Array(model.tokens).fill(Number.NaN)
  // The input's embeddings, and its output.
  let spent = 2
  for (let token = 0; token < model.tokens; token++) {
    const points = new Map<string, Float32Array>()
    for (let pair = 0; pair < PAIRS; pair++) {
      const blur = Float32Array.from({ length: width }, () => deviation * normal())
      for (const sign of [1, -1]) {
        const point = embeddings.slice()
        blur.forEach((by, at) => {
          point[token * width + at] = float32At(point, token * width + at) + sign * by
        })
        points.set(`noise ${noise} ${token} ${sign * (pair + 1)}`, point)
      }
    }
    const found = await model.outputs(points, cancel)
    spent += found.length
    const drops = Array.from({ length: PAIRS }, (_, pair) => output - (float64At(found, 2 * pair) + float64At(found, 2 * pair + 1)) / 2)
    const mean = drops.reduce((sum, drop) => sum + drop, 0) / PAIRS
    values[token] = mean
    errors[token] = Math.sqrt(drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / (PAIRS - 1) / PAIRS)
    const left = 2 * PAIRS * (model.tokens - token - 1)
    yield { values: values.slice(), errors: errors.slice(), isSigned: true, output, expectedSum: null, runs: spent, left, doubts: [] }
  }
}
