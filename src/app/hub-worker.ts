// The worker that fetches models from a hub: started when the reader first asks for one.

import { createWorkerClient, type WorkerCaller } from '#protocol/client'
import type { HubApi } from '#protocol/hub-api'
import { spawnHub } from './spawn-workers.ts'

export function hubWorker(): () => WorkerCaller<HubApi> {
  let client: WorkerCaller<HubApi> | null = null
  return () => {
    client ??= createWorkerClient<HubApi>(spawnHub, () => undefined, 'hub-lost')
    return client
  }
}
