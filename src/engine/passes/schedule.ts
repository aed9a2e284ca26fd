// One job at a time on the runtime: urgent ones (what is on screen) before long ones; abandoned jobs are skipped.

import { EngineError } from '../error.ts'

export type Urgency = 'live' | 'background'

export interface Schedule {
  /**
   * Runs `job` when its turn comes.
   * @throws EngineError `cancelled` when `wanted()` is false by then
   */
  add<Result>(urgency: Urgency, wanted: () => boolean, job: () => Promise<Result>): Promise<Result>
}

export function createSchedule(): Schedule {
  const waiting: Record<Urgency, (() => Promise<void>)[]> = { live: [], background: [] }
  let busy = false

  const next = async (): Promise<void> => {
    if (busy) return
    busy = true
    for (let job = waiting.live.shift() ?? waiting.background.shift(); job; job = waiting.live.shift() ?? waiting.background.shift()) {
      await job()
    }
    busy = false
  }

  return {
    add: (urgency, wanted, job) =>
      new Promise((resolve, reject) => {
        waiting[urgency].push(async () => {
          if (!wanted()) return reject(new EngineError('cancelled', 'Nobody waits for this run any more.'))
          // A job may throw before it returns a promise: that must not stop the jobs after it.
          try {
            resolve(await job())
          } catch (error) {
            reject(error)
          }
        })
        void next()
      }),
  }
}
