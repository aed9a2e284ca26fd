// An engine whose model and snapshot come when the test says so.

import type { LoadedModel } from '#engine/model/model'
import type { Snapshot } from '#engine/model/snapshot'
import { type Deferred, deferred, LOAD, never, toyModel, WITHOUT_SNAPSHOT } from '#engine/testing/toy-model.fixture'
import type { LoadProgress, LoadRequest } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import type { RunPart } from './attention/api.ts'
import { createEngine } from './worker.ts'

export const CHOICE = { heads: [{ layer: 1, head: 2 }], reduce: 'each' as const }

/** An engine whose model and snapshot come when the test says so. */
export function setUp() {
  const models: Deferred<LoadedModel>[] = []
  const snapshots: Deferred<Snapshot>[] = []
  const signals: AbortSignal[] = []
  const engine = createEngine({
    loadModel: (_, { signal }) => {
      const model = deferred<LoadedModel>()
      signal.addEventListener('abort', () => model.reject(signal.reason))
      models.push(model)
      return model.promise
    },
    loadSnapshot: (_address, _base, signal) => {
      const snapshot = deferred<Snapshot>()
      signal.addEventListener('abort', () => snapshot.reject(signal.reason))
      snapshots.push(snapshot)
      signals.push(signal)
      return snapshot.promise
    },
  })
  const load = (request: Partial<LoadRequest> = {}, signal = new AbortController().signal) => {
    const progress: LoadProgress[] = []
    const card = engine.load({ ...LOAD, ...request }, { signal, progress: (part) => void progress.push(part) })
    card.catch(() => undefined)
    return { card, progress }
  }
  const run = (input: ModelInput, signal = never, thumbnail = 8) => {
    const parts: RunPart[] = []
    const done = engine.run({ input, choice: CHOICE, thumbnail, sinksAside: false }, { signal, progress: (part) => void parts.push(part) })
    done.catch(() => undefined)
    return { done, parts }
  }
  return { engine, models, snapshots, signals, load, run }
}

export async function loaded(model = toyModel()) {
  const setup = setUp()
  const { card } = setup.load(WITHOUT_SNAPSHOT)
  setup.models[0]?.resolve(model)
  await card
  return setup
}
