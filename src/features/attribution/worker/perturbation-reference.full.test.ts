// Perturbation of the embedded classifier against the Python libraries: every sentence.

import { beforeAll, describe, expect, it } from 'vitest'
import type { LoadedModel } from '#engine/model/model'
import type { Attribution } from '#methods/attribution'
import peers from '../../../../fixtures/peers-values.json'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import {
  ask,
  expectLeaveOneOut,
  expectLime,
  expectPartition,
  expectShapley,
  withLime,
  withPartition,
  withShapley,
} from './testing/perturbation-agreement.ts'

describe('perturbation of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 300_000)

  it.each(peers.sentences)('leaves out as PyTorch does in “$text”', (sentence) => expectLeaveOneOut(model, sentence))
  it.each(withShapley)('has the Shapley values of all subsets of “$text”', (sentence) => expectShapley(model, sentence))
  it.each(withPartition)('shares out as SHAP’s Partition does by its tree of “$text”', (run) => expectPartition(model, run))
  it.each(withLime)('has the LIME of the library’s 5,000 samples of “$text”', (run) => expectLime(model, run))

  it('blurs embeddings, the more the further', async () => {
    const text = 'A great film.'
    const [little, much] = [
      await ask(model, text, 'embedding-noise', { index: 1 }, { noise: 0.1 }),
      await ask(model, text, 'embedding-noise', { index: 1 }, { noise: 1 }),
    ]
    const length = ({ values }: Attribution): number => Math.hypot(...values)
    expect(length(much)).toBeGreaterThan(2 * length(little))
    expect(much.errors?.every((error) => error > 0)).toBe(true)
  })
})
