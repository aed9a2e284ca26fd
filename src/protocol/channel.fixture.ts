// Client and server over a real MessageChannel: structured clone, transfer and order as between page and worker.

import { createWorkerClient, type WorkerClient, type WorkerPort } from './client.ts'
import type { ApiTable, ToPage } from './messages.ts'
import { type EnginePort, type Handlers, serve } from './serve.ts'

/** A page's client of `handlers`; `end()` closes the channel. */
export function overChannel<Api extends ApiTable<Api>>(handlers: NoInfer<Handlers<Api>>): WorkerClient<Api> {
  return createWorkerClient<Api>(
    () => {
      const { port1, port2 } = new MessageChannel()
      const worker: EnginePort = { onmessage: null, postMessage: (message, transfer) => port2.postMessage(message, transfer) }
      serve<Api>(worker, handlers)
      port2.onmessage = (event) => worker.onmessage?.(event)
      const page: WorkerPort = {
        onmessage: null,
        onerror: null,
        postMessage: (message) => port1.postMessage(message),
        terminate: () => port1.close(),
      }
      port1.onmessage = (event: MessageEvent<ToPage>) => page.onmessage?.(event)
      return page
    },
    () => undefined,
  )
}
