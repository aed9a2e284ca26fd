// A worker that another one takes the place of: that one is made ready beside it, so that answers never stop coming.

import { createWorkerClient, type WorkerCaller, type WorkerClient, type WorkerPort } from './client.ts'
import type { ApiTable } from './messages.ts'

/** A worker beside the one that answers. */
export interface Standby<Api extends ApiTable<Api>> {
  readonly caller: WorkerCaller<Api>
  /** Calls go to it from now on. The worker before is ended, and its open calls fail with `engine-replaced`. */
  adopt(): void
  /** Ends it, unless it was adopted: it is not wanted any more. */
  end(): void
}

export interface WorkerHost<Api extends ApiTable<Api>> extends WorkerClient<Api> {
  standBy(): Standby<Api>
}

/** @param onLost called when the worker that answers died by itself; calls that were open on one beside it fail, and that is all */
export function createWorkerHost<Api extends ApiTable<Api>>(
  spawn: (onLost: () => void) => WorkerPort,
  onLost: () => void,
): WorkerHost<Api> {
  const start = (): WorkerClient<Api> => {
    const client = createWorkerClient<Api>(spawn, () => {
      if (client === current) onLost()
    })
    return client
  }
  let current = start()
  return {
    call: (name, args, options) => current.call(name, args, options),
    restart: (kind) => current.restart(kind),
    end: () => current.end(),
    standBy: () => {
      const client = start()
      return {
        caller: client,
        adopt: () => {
          const before = current
          current = client
          before.end()
        },
        end: () => {
          if (client !== current) client.end()
        },
      }
    },
  }
}
