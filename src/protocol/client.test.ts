import { describe, expect, it, vi } from 'vitest'
import type { Prediction } from '#answers/answer-kinds'
import { createWorkerClient, EngineCallError, type WorkerClient, type WorkerPort } from './client.ts'
import type { Call, ToEngine, ToPage } from './messages.ts'
import type { ToyApi, ToyPart } from './toy-api.fixture.ts'

const INPUT = { text: 'not bad', edits: [] }
const RUN = { input: INPUT, choice: { heads: [{ layer: 0, head: 0 }], reduce: 'each' as const }, thumbnail: 8 }
const LOAD = {
  source: { kind: 'folder' as const, base: 'https://page.test/model/', snapshot: null },
  runtime: 'https://page.test/ort/',
  backend: 'auto' as const,
  weights: 'auto' as const,
}

/** A worker that does nothing by itself: tests speak for it. */
class FakeWorker implements WorkerPort {
  onmessage: ((event: MessageEvent<ToPage>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  readonly heard: ToEngine[] = []
  ended = false
  readonly lost: () => void
  constructor(lost: () => void) {
    this.lost = lost
  }
  postMessage(message: ToEngine): void {
    this.heard.push(message)
  }
  terminate(): void {
    this.ended = true
  }
  say(data: ToPage): void {
    this.onmessage?.({ data } as MessageEvent<ToPage>)
  }
  crash(): void {
    this.onerror?.({} as ErrorEvent)
  }
  /** Ids of the calls it heard, oldest first. */
  get ids(): number[] {
    return this.heard.filter(({ kind }) => kind === 'call').map(({ id }) => id)
  }
  id(index: number): number {
    return this.ids[index] ?? Number.NaN
  }
}

interface Setup {
  readonly client: WorkerClient<ToyApi>
  readonly workers: FakeWorker[]
  readonly onLost: ReturnType<typeof vi.fn<() => void>>
  worker(index?: number): FakeWorker
}

function setUp(): Setup {
  const workers: FakeWorker[] = []
  const onLost = vi.fn<() => void>()
  const client = createWorkerClient<ToyApi>((lost) => {
    const worker = new FakeWorker(lost)
    workers.push(worker)
    return worker
  }, onLost)
  const worker = (index = workers.length - 1): FakeWorker => {
    const found = workers[index]
    if (!found) throw new Error(`no worker ${index}`)
    return found
  }
  return { client, workers, onLost, worker }
}

/** What a call came to: 'done', or the kind of its error. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: unknown) => (error instanceof EngineCallError ? error.kind : `other: ${String(error)}`),
  )
}

/** What it came to, or 'open' when it has not settled. */
function stateOf(call: Promise<unknown>): Promise<string> {
  return Promise.race([outcome(call), new Promise<string>((resolve) => setTimeout(() => resolve('open'), 5))])
}

const thumbnails = (layer: number): ToyPart => ({ kind: 'thumbnails', layer, heads: 1, size: 1, data: new Uint8Array(1) })

describe('a call', () => {
  it('gets its partial answers in order and then its result', async () => {
    const { client, worker } = setUp()
    const layers: number[] = []
    const call = client.call('run', RUN, { onProgress: (part) => part.kind === 'thumbnails' && layers.push(part.layer) })
    for (const layer of [0, 1, 2]) worker().say({ kind: 'progress', id: worker().id(0), value: thumbnails(layer) })
    worker().say({ kind: 'result', id: worker().id(0), value: null })
    await expect(call).resolves.toBeNull()
    worker().say({ kind: 'progress', id: worker().id(0), value: thumbnails(9) })
    expect(layers).toEqual([0, 1, 2])
  })

  it('gets only its own answers when two are interleaved', async () => {
    const { client, worker } = setUp()
    const got: string[] = []
    const one = client.call('run', RUN, { onProgress: (part) => got.push(`one ${part.kind}`) })
    const two = client.call('attention', { input: INPUT, choice: RUN.choice })
    const matrices = [{ head: null, tokens: 1, data: new Float32Array([1]) }]
    worker().say({ kind: 'result', id: worker().id(1), value: matrices })
    worker().say({ kind: 'progress', id: worker().id(0), value: thumbnails(0) })
    expect(await stateOf(one)).toBe('open')
    await expect(two).resolves.toBe(matrices)
    worker().say({ kind: 'result', id: worker().id(0), value: null })
    await expect(one).resolves.toBeNull()
    expect(got).toEqual(['one thumbnails'])
  })

  it('fails with the kind, the message and the data that came over the wire', async () => {
    const { client, worker } = setUp()
    const call = client.call('run', RUN)
    worker().say({ kind: 'error', id: worker().id(0), error: { kind: 'edit-refused', message: 'no', data: { reason: 'too-long', at: 3 } } })
    const error = await call.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(EngineCallError)
    expect(error).toMatchObject({ kind: 'edit-refused', message: 'no', data: { reason: 'too-long', at: 3 } })
  })

  it('ignores a sign of life and answers to calls that nobody made', () => {
    const { worker } = setUp()
    expect(() => {
      worker().say({ kind: 'alive' })
      worker().say({ kind: 'result', id: 77, value: null })
      worker().say({ kind: 'error', id: 78, error: { kind: 'x', message: '', data: {} } })
    }).not.toThrow()
  })
})

describe('cancelling', () => {
  it('fails the call at once, tells the worker, and lets no later answer through', async () => {
    const { client, worker } = setUp()
    const stop = new AbortController()
    const onProgress = vi.fn()
    const call = client.call('run', RUN, { signal: stop.signal, onProgress })
    const id = worker().id(0)
    stop.abort()
    worker().say({ kind: 'progress', id, value: thumbnails(0) })
    worker().say({ kind: 'result', id, value: null })
    expect(await outcome(call)).toBe('cancelled')
    expect(onProgress).not.toHaveBeenCalled()
    expect(worker().heard.at(-1)).toEqual({ kind: 'cancel', id })
  })

  it('never sends a call whose signal was aborted before', async () => {
    const { client, worker } = setUp()
    expect(await outcome(client.call('run', RUN, { signal: AbortSignal.abort() }))).toBe('cancelled')
    expect(worker().ids).toEqual([])
  })

  it('does nothing after the answer has come', async () => {
    const { client, worker } = setUp()
    const stop = new AbortController()
    const call = client.call('run', RUN, { signal: stop.signal })
    worker().say({ kind: 'result', id: worker().id(0), value: null })
    stop.abort()
    expect(await outcome(call)).toBe('done')
    expect(worker().heard.map(({ kind }) => kind)).toEqual(['call'])
  })
})

describe('a lane', () => {
  it('cancels the call before the newest one, and no other lane', async () => {
    const { client, worker } = setUp()
    const first = client.call('run', RUN, { lane: 'run-a' })
    const other = client.call('run', RUN, { lane: 'run-b' })
    const free = client.call('run', RUN)
    const second = client.call('run', RUN, { lane: 'run-a' })
    expect(await outcome(first)).toBe('cancelled')
    expect(worker().heard.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['call 1', 'call 2', 'call 3', 'cancel 1', 'call 4'])
    expect(await Promise.all([other, free, second].map(stateOf))).toEqual(['open', 'open', 'open'])
  })

  it('does not cancel a call that is answered already', () => {
    const { client, worker } = setUp()
    void client.call('run', RUN, { lane: 'run-a' })
    worker().say({ kind: 'result', id: worker().id(0), value: null })
    void client.call('run', RUN, { lane: 'run-a' })
    expect(worker().heard.map(({ kind }) => kind)).toEqual(['call', 'call'])
  })

  it('keeps only the last of a burst', async () => {
    const { client, worker } = setUp()
    const calls = Array.from({ length: 20 }, () => client.call('run', RUN, { lane: 'typing' }))
    worker().say({ kind: 'result', id: worker().id(19), value: null })
    const outcomes = await Promise.all(calls.map(outcome))
    expect(outcomes).toEqual([...new Array(19).fill('cancelled'), 'done'])
  })
})

describe("a worker's death", () => {
  const signs = { 'an error event': (worker: FakeWorker) => worker.crash(), 'a lock set free': (worker: FakeWorker) => worker.lost() }

  it.each(Object.entries(signs))('told by %s fails the open calls and is reported once', async (_, die) => {
    const { client, worker, onLost } = setUp()
    const calls = [client.call('run', RUN), client.call('load', LOAD)]
    die(worker(0))
    die(worker(0))
    worker(0).crash()
    expect(await Promise.all(calls.map(outcome))).toEqual(['engine-lost', 'engine-lost'])
    expect(onLost).toHaveBeenCalledTimes(1)
    expect(worker(0).ended).toBe(true)
  })

  it('is followed by a new worker for the next call', async () => {
    const { client, worker, workers } = setUp()
    void client.call('run', RUN).catch(() => undefined)
    worker(0).crash()
    const call = client.call('run', RUN)
    expect(workers).toHaveLength(2)
    expect(worker(0).ids).toHaveLength(1)
    worker(1).say({ kind: 'result', id: worker(1).id(0), value: null })
    expect(await outcome(call)).toBe('done')
  })

  it('does not start workers over and over when their file is gone', () => {
    const workers: FakeWorker[] = []
    const onLost = vi.fn()
    createWorkerClient<ToyApi>((lost) => {
      const worker = new FakeWorker(lost)
      queueMicrotask(() => worker.crash())
      workers.push(worker)
      return worker
    }, onLost)
    return new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => {
      expect(workers).toHaveLength(1)
      expect(onLost).toHaveBeenCalledTimes(1)
    })
  })

  it('lets the call made inside onLost reach the new worker', async () => {
    const setup = setUp()
    const calls: Promise<unknown>[] = []
    setup.onLost.mockImplementation(() => {
      calls.push(setup.client.call('load', LOAD, { lane: 'load' }))
    })
    const before = setup.client.call('load', LOAD, { lane: 'load' })
    setup.worker(0).crash()
    expect(await outcome(before)).toBe('engine-lost')
    expect(setup.worker(1).heard).toMatchObject([{ kind: 'call', name: 'load' }])
    expect(await Promise.all(calls.map(stateOf))).toEqual(['open'])
  })

  it('makes late messages of the dead worker go unheard', async () => {
    const { client, worker } = setUp()
    void client.call('run', RUN).catch(() => undefined)
    const onProgress = vi.fn()
    worker(0).crash()
    const call = client.call('run', RUN, { onProgress })
    const late = worker(0).id(0)
    worker(0).say({ kind: 'progress', id: late, value: thumbnails(0) })
    worker(0).say({ kind: 'result', id: late, value: null })
    expect(worker(1).id(0)).not.toBe(late)
    expect(await stateOf(call)).toBe('open')
    expect(onProgress).not.toHaveBeenCalled()
  })
})

describe('restart and end', () => {
  it('fail the open calls with the reason given, without a report of loss', async () => {
    const { client, worker, workers, onLost } = setUp()
    const call = client.call('run', RUN)
    client.restart('engine-replaced')
    expect(await outcome(call)).toBe('engine-replaced')
    expect(worker(0).ended).toBe(true)
    worker(0).lost()
    expect(onLost).not.toHaveBeenCalled()
    const next = client.call('run', RUN)
    expect(workers).toHaveLength(2)
    client.end()
    expect(await outcome(next)).toBe('engine-replaced')
    expect(await outcome(client.call('run', RUN))).toBe('engine-replaced')
    expect(workers.map(({ ended }) => ended)).toEqual([true, true])
  })
})

describe('a worker of another table', () => {
  it('is called by its own names, and its death is told by a kind of its own', async () => {
    const workers: FakeWorker[] = []
    const spawn = (lost: () => void): FakeWorker => {
      const worker = new FakeWorker(lost)
      workers.push(worker)
      return worker
    }
    const client = createWorkerClient<{ readonly add: Call<{ readonly a: number; readonly b: number }, never, number> }>(
      spawn,
      () => {},
      'adder-lost',
    )
    const sum = client.call('add', { a: 1, b: 2 })
    expect(workers[0]?.heard).toEqual([{ kind: 'call', id: 1, name: 'add', args: { a: 1, b: 2 } }])
    workers[0]?.say({ kind: 'result', id: 1, value: 3 })
    expect((await sum) satisfies number).toBe(3)
    const lost = client.call('add', { a: 1, b: 2 })
    workers[0]?.crash()
    expect(await outcome(lost)).toBe('adder-lost')
  })
})

// Kept by the compiler: a partial answer has the type of its call.
const typed = (client: WorkerClient<ToyApi>): void => {
  void client.call('run', RUN, { onProgress: (part) => part.kind === 'prediction' && (part.prediction satisfies Prediction) })
  // @ts-expect-error a call gets the arguments of its name
  void client.call('focus', RUN)
}
void typed
