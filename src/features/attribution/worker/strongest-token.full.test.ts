// The attributions that a reader sees first agree with the model at least as often as any others that are as quick.

import { beforeAll, expect, it } from 'vitest'
import type { LoadedModel } from '#engine/model/model'
import { DEFAULT_METHODS } from '#share/settings'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { judgeStrongest, SENTENCES, type StrongestToken } from './testing/strongest-token.ts'

/** Thousands of passes. */
const PATIENCE_MS = 900_000

/** Where the defaults differ, the one that the sentence is tinted by counts: it is the first. */
const [TINT, BEHIND] = DEFAULT_METHODS

let model: LoadedModel
beforeAll(async () => {
  model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
}, 60_000)

function expectTintFirst(judged: readonly StrongestToken[]): void {
  console.table(judged)
  const taken = (one: StrongestToken | undefined): number => ((one?.deleted ?? Number.NaN) + (one?.masked ?? Number.NaN)) / 2
  const own = judged.find(({ method }) => method === TINT)
  // Deleted or masked, alike often: leaving one out masks by itself, so that deletion is what tells it from the others.
  for (const one of judged) expect(taken(own), one.method).toBeGreaterThanOrEqual(taken(one))
  expect(own?.deleted).toBeGreaterThan(0.95)
}

it(
  'the strongest token of the tint lowers the answer, when it is taken away, at least as often as any other method’s',
  async () => {
    expect(SENTENCES).toHaveLength(200)
    // Every fourth one keeps the whole run within the time that it has on two cores.
    const judged = await judgeStrongest(
      model,
      SENTENCES.filter((_, at) => at % 4 === 0),
    )
    expect(judged).toHaveLength(6)
    expectTintFirst(judged)
  },
  PATIENCE_MS,
)

it(
  'and as that of the other default, which takes many passes, in every tenth sentence',
  async () => {
    const some = SENTENCES.filter((_, at) => at % 10 === 0)
    expectTintFirst(await judgeStrongest(model, some, [TINT ?? 'leave-one-out', BEHIND ?? 'interpolated-shapley']))
  },
  PATIENCE_MS,
)
