// Starts the page's workers and learns of their deaths.

import type { WorkerPort } from '#protocol/client'
import type { ToPage } from '#protocol/messages'

/**
 * A new engine worker. A worker that ends without an error event (out of memory, closed by the browser) gives no sign of
 * its own; but it holds a lock named after it, and the browser gives that lock to us when it is gone.
 */
export function spawnEngine(onLost: () => void): WorkerPort {
  const name = nameOf('engine')
  return watched(new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), { type: 'module', name }), name, onLost)
}

/** A new worker that fetches models from a hub. */
export function spawnHub(onLost: () => void): WorkerPort {
  const name = nameOf('hub')
  return watched(new Worker(new URL('../../workers/hub.worker.ts', import.meta.url), { type: 'module', name }), name, onLost)
}

function nameOf(what: string): string {
  return `innerscope-${what}-${crypto.randomUUID?.() ?? Math.random()}`
}

function watched(worker: Worker, name: string, onLost: () => void): Worker {
  worker.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
    if (data.kind === 'alive') void navigator.locks.request(name, onLost)
  })
  return worker
}
