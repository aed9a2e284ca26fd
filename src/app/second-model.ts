// The worker of the second model: started when one is chosen, ended when it is not wanted any more.

import type { EngineApi } from '#features/page.ts'
import { EngineCallError, type WorkerCaller } from '#protocol/client'
import { createWorkerHost, type WorkerHost } from '#protocol/worker-host'
import type { SecondModel } from '#state/model/follow-models'
import type { ModelLoader } from '#state/model/load-model'
import { spawnEngine } from './spawn-workers.ts'

export interface SecondModelHost extends SecondModel {
  /** Calls fail with `no-model` while there is no second model. */
  readonly caller: WorkerCaller<EngineApi>
  readonly loader: () => ModelLoader | null
}

export function secondModel(createLoader: (engine: WorkerHost<EngineApi>) => ModelLoader): SecondModelHost {
  let client: WorkerHost<EngineApi> | null = null
  let loader: ModelLoader | null = null
  return {
    loader: () => loader,
    start: () => {
      client = createWorkerHost<EngineApi>(spawnEngine, () => loader?.recover())
      loader = createLoader(client)
      return loader
    },
    end: () => {
      client?.end()
      client = null
      loader = null
    },
    caller: {
      call: (name, args, options) =>
        client?.call(name, args, options) ??
        Promise.reject(new EngineCallError({ kind: 'no-model', message: 'There is no second model.', data: {} })),
    },
  }
}
