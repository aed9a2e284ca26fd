// The worker that fetches models from a hub: started when the reader first asks for one.

import { createWorkerClient, type WorkerCaller, type WorkerClient } from '#protocol/client'
import type { HubApi } from '#protocol/hub-api'

export function hubWorker(): () => WorkerCaller<HubApi> {
  let client: WorkerClient<HubApi> | null = null
  const spawn = (): Worker =>
    new Worker(new URL('../../workers/hub.worker.ts', import.meta.url), { type: 'module', name: 'innerscope-hub' })
  return () => {
    client ??= createWorkerClient<HubApi>(spawn, () => undefined, 'hub-lost')
    return client
  }
}
