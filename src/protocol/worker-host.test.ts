import { describe, expect, it, vi } from 'vitest'
import type { WorkerPort } from './client.ts'
import type { ToEngine, ToPage } from './messages.ts'
import type { ToyApi } from './toy-api.fixture.ts'
import { createWorkerHost } from './worker-host.ts'

const FOCUS = { input: { text: 'not bad', edits: [] }, token: 0 }

/** A worker that does nothing by itself. */
class FakeWorker implements WorkerPort {
  onmessage: ((event: MessageEvent<ToPage>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  readonly heard: ToEngine[] = []
  ended = false
  postMessage(message: ToEngine): void {
    this.heard.push(message)
  }
  terminate(): void {
    this.ended = true
  }
}

function setUp() {
  const workers: FakeWorker[] = []
  const onLost = vi.fn<() => void>()
  const host = createWorkerHost<ToyApi>(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }, onLost)
  const worker = (index: number): FakeWorker => {
    const found = workers[index]
    if (!found) throw new Error(`no worker ${index}`)
    return found
  }
  return { host, onLost, worker }
}

const failed = (error: unknown): unknown => error

describe('a worker beside another one', () => {
  it('hears nothing of the page until it is adopted, and everything then', async () => {
    const { host, worker } = setUp()
    const standby = host.standBy()
    const asked = host.call('focus', FOCUS).catch(failed)
    expect([worker(0).heard.length, worker(1).heard.length]).toEqual([1, 0])
    standby.adopt()
    expect(await asked).toMatchObject({ kind: 'engine-replaced' })
    expect([worker(0).ended, worker(1).ended]).toEqual([true, false])
    void host.call('focus', FOCUS).catch(failed)
    expect(worker(1).heard).toHaveLength(1)
    // It is the worker of the page now: it is not ended by who made it.
    standby.end()
    expect(worker(1).ended).toBe(false)
  })

  it('that is not wanted any more ends alone', async () => {
    const { host, worker } = setUp()
    const standby = host.standBy()
    const load = standby.caller.call('focus', FOCUS).catch(failed)
    standby.end()
    expect(await load).toMatchObject({ kind: 'engine-replaced' })
    expect([worker(0).ended, worker(1).ended]).toEqual([false, true])
  })

  it('that dies fails its own calls, and the page is told only of the death of the one that answers', async () => {
    const { host, onLost, worker } = setUp()
    const standby = host.standBy()
    const load = standby.caller.call('focus', FOCUS).catch(failed)
    worker(1).onerror?.({} as ErrorEvent)
    expect(await load).toMatchObject({ kind: 'engine-lost' })
    expect(onLost).not.toHaveBeenCalled()
    const other = host.standBy()
    other.adopt()
    worker(2).onerror?.({} as ErrorEvent)
    expect(onLost).toHaveBeenCalledTimes(1)
  })
})
