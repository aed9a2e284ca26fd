// The attributions that a reader sees first agree with the model at least as often as any others that are as quick.

import { beforeAll, expect, it } from 'vitest'
import type { LoadedModel } from '#engine/model/model'
import { DEFAULT_METHODS } from '#share/settings'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { judgeStrongest, SENTENCES } from './testing/strongest-token.ts'

/** Thousands of passes. */
const PATIENCE_MS = 1_800_000

/** The one that the sentence is tinted by, and that a reader sees first. */
const [TINT] = DEFAULT_METHODS

let model: LoadedModel
beforeAll(async () => {
  model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
}, 300_000)

it(
  'the strongest token of the tint lowers the answer, when it is deleted or masked, at least as often as any other method’s',
  async () => {
    expect(SENTENCES).toHaveLength(200)
    const judged = await judgeStrongest(model, SENTENCES)
    console.table(judged)
    expect(judged).toHaveLength(5)
    const own = judged.find(({ method }) => method === TINT)
    expect(own?.deleted).toBeGreaterThan(0.95)
    for (const { method, deleted, masked } of judged) {
      expect(own?.deleted, method).toBeGreaterThanOrEqual(deleted)
      expect(own?.masked, method).toBeGreaterThanOrEqual(masked)
    }
  },
  PATIENCE_MS,
)
