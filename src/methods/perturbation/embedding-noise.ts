// How much the target moves when a token's embedding is blurred.

import { normalNumbers } from '#tensor/random'
import type { AttributionOptions } from '../attribution.ts'
import type { Cancel, MethodAnswer, ModelRuns } from '../method.ts'

const SEED = 1
/** Pairs of opposite noise for each token. */
const PAIRS = 6

/**
 * f(x) - mean of f(x + noise at one token), with standard errors over pairs of opposite noise: positive where the token as it is counts
 * for the target. `noise` is the length of the noise as a share of a typical embedding's. Signed, in units of the target. The same at
 * every run. Tokens still to come are NaN.
 */
export async function* embeddingNoise(
  runs: ModelRuns,
  { noise }: Pick<AttributionOptions, 'noise'>,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { embeddings, output } = await runs.input(cancel)
  const width = embeddings.length / runs.tokens
  const deviation = noise * Math.sqrt(embeddings.reduce((sum, value) => sum + value * value, 0) / Math.max(1, embeddings.length))
  const normal = normalNumbers(SEED)
  const values = new Float32Array(runs.tokens).fill(Number.NaN)
  const errors = new Float32Array(runs.tokens).fill(Number.NaN)
  let spent = 1
  for (let token = 0; token < runs.tokens; token++) {
    const points = Array.from({ length: PAIRS }, () => {
      const blur = Float32Array.from({ length: width }, () => deviation * normal())
      return [1, -1].map((sign) => {
        const point = embeddings.slice()
        blur.forEach((by, at) => {
          point[token * width + at] = (point[token * width + at] ?? 0) + sign * by
        })
        return point
      })
    }).flat()
    const found = await runs.gradients(points, cancel)
    spent += found.length
    const drops = Array.from(
      { length: PAIRS },
      (_, pair) => output - ((found[2 * pair]?.output ?? 0) + (found[2 * pair + 1]?.output ?? 0)) / 2,
    )
    const mean = drops.reduce((sum, drop) => sum + drop, 0) / PAIRS
    values[token] = mean
    errors[token] = Math.sqrt(drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / (PAIRS - 1) / PAIRS)
    const left = 2 * PAIRS * (runs.tokens - token - 1)
    yield { values: values.slice(), errors: errors.slice(), isSigned: true, output, expectedSum: null, runs: spent, left, doubts: [] }
  }
}
