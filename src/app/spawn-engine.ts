// Starts the engine's worker and learns of its death.

import type { WorkerPort } from '#protocol/client'
import type { ToPage } from '#protocol/messages'

/**
 * A new engine worker. A worker that ends without an error event (out of memory, closed by the browser) gives no sign of
 * its own; but it holds a lock named after it, and the browser gives that lock to us when it is gone.
 */
export function spawnEngine(onLost: () => void): WorkerPort {
  const name = `innerscope-engine-${crypto.randomUUID?.() ?? Math.random()}`
  const worker = new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), { type: 'module', name })
  worker.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
    if (data.kind === 'alive') void navigator.locks.request(name, onLost)
  })
  return worker
}
