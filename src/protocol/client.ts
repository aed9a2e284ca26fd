// The page's end of the protocol: typed calls with progress and cancel, newest-wins lanes, and a worker that can be
// ended and started again.

import type { ApiTable, ToEngine, ToPage, WireError } from './messages.ts'

/** The part of a Worker that the client needs; faked in tests. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent<ToPage>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(message: ToEngine): void
  terminate(): void
}

/** A failed call. `kind` decides the sentence that the reader sees. */
export class EngineCallError extends Error {
  readonly kind: string
  readonly data: WireError['data']

  constructor(error: WireError) {
    super(error.message)
    this.name = 'EngineCallError'
    this.kind = error.kind
    this.data = error.data
  }

  /** As the state keeps it: plain data. */
  toWire(): WireError {
    const { kind, message, data } = this
    return { kind, message, data }
  }
}

export interface CallOptions<Progress> {
  readonly onProgress?: (value: Progress) => void
  readonly signal?: AbortSignal
  /** Newest wins: a call cancels the one before it in the same lane. */
  readonly lane?: string
}

/** The one-method port through which a worker is reached. */
export interface WorkerCaller<Api extends ApiTable<Api>> {
  call<Name extends keyof Api & string>(
    name: Name,
    args: Api[Name]['args'],
    options?: CallOptions<Api[Name]['progress']>,
  ): Promise<Api[Name]['result']>
}

export interface WorkerClient<Api extends ApiTable<Api>> extends WorkerCaller<Api> {
  /** Ends the worker; the next call starts a new one. Open calls fail with `kind`. */
  restart(kind: 'engine-lost' | 'engine-replaced'): void
  /** Ends the worker for good: open and later calls fail with `engine-replaced`. */
  end(): void
}

interface OpenCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: EngineCallError) => void
  readonly onProgress: ((value: unknown) => void) | undefined
  readonly release: () => void
}

/**
 * Starts a worker behind `spawn`.
 * @param onLost called when the worker died by itself. The next call starts a new one, which has nothing of the old one's: one
 * that dies at its start, because its file is gone, is thus not started over and over.
 * @param lostKind how open calls fail then
 */
export function createWorkerClient<Api extends ApiTable<Api>>(
  spawn: (onLost: () => void) => WorkerPort,
  onLost: () => void,
  lostKind = 'engine-lost',
): WorkerClient<Api> {
  let nextId = 1
  const open = new Map<number, OpenCall>()
  const lanes = new Map<string, number>()
  let port: WorkerPort | null = null
  let ended = false

  const settle = (id: number): OpenCall | undefined => {
    const call = open.get(id)
    open.delete(id)
    call?.release()
    return call
  }
  const failAll = (kind: string, message: string): void => {
    for (const id of [...open.keys()]) settle(id)?.reject(new EngineCallError({ kind, message, data: {} }))
  }
  const start = (): WorkerPort => {
    let alive = true
    const lost = (): void => {
      if (!alive) return
      alive = false
      restart(lostKind)
      onLost()
    }
    const started = spawn(lost)
    started.onerror = lost
    started.onmessage = ({ data }) => {
      if (data.kind === 'progress') open.get(data.id)?.onProgress?.(data.value)
      else if (data.kind === 'result') settle(data.id)?.resolve(data.value)
      else if (data.kind === 'error') settle(data.id)?.reject(new EngineCallError(data.error))
    }
    retire = () => {
      alive = false
      started.terminate()
    }
    port = started
    return started
  }
  let retire: () => void = () => {}

  function restart(kind: string): void {
    retire()
    port = null
    failAll(kind, 'The worker was ended.')
  }
  function cancel(id: number): void {
    const call = settle(id)
    if (!call) return
    port?.postMessage({ kind: 'cancel', id })
    call.reject(new EngineCallError({ kind: 'cancelled', message: 'The call was cancelled.', data: {} }))
  }

  start()
  return {
    restart,
    end: () => {
      ended = true
      restart('engine-replaced')
    },
    call(name, args, { onProgress, signal, lane } = {}) {
      if (ended) return Promise.reject(new EngineCallError({ kind: 'engine-replaced', message: 'The worker was ended.', data: {} }))
      const id = nextId++
      if (lane !== undefined) {
        const before = lanes.get(lane)
        lanes.set(lane, id)
        if (before !== undefined) cancel(before)
      }
      return new Promise((resolve, reject) => {
        const abort = (): void => cancel(id)
        const release = (): void => {
          signal?.removeEventListener('abort', abort)
          if (lane !== undefined && lanes.get(lane) === id) lanes.delete(lane)
        }
        open.set(id, {
          resolve: resolve as (value: unknown) => void,
          reject,
          onProgress: onProgress as ((value: unknown) => void) | undefined,
          release,
        })
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort, { once: true })
        ;(port ?? start()).postMessage({ kind: 'call', id, name, args })
      })
    },
  }
}
