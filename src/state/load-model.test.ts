import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineClient } from '#protocol/client'
import type { BackendReason, ModelCard } from '#protocol/engine-api'
import { createModelLoader, type ModelLoader } from './load-model.ts'
import { CARD, fakeEngine } from './state.fixture.ts'
import { createActions, createAppStore } from './store.ts'

const PLACES = { base: 'https://page.test/m/', runtime: 'https://page.test/ort/', snapshot: 'https://page.test/s' }
const cardWith = (reason: BackendReason): ModelCard => ({ ...CARD, backend: { ...CARD.backend, reason } })

function setUp() {
  const store = createAppStore()
  const actions = createActions(store)
  let loader: ModelLoader | null = null
  const engine = fakeEngine(() => loader?.recover())
  const client = (): EngineClient => engine.client
  loader = createModelLoader(store, actions, client, PLACES)
  const notices = (): string[] => store.getState().notices.map(({ kind }) => kind)
  return { store, actions, engine, loader, model: () => store.getState().model, notices }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('loading the model', () => {
  it('asks for it where the page keeps it, on the backend of the settings', () => {
    const { actions, engine, loader } = setUp()
    actions.set({ backend: 'wasm' })
    void loader.load()
    expect(engine.open('load').args).toEqual({ ...PLACES, backend: 'wasm' })
  })

  it('shows its progress, and then the model', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    expect(model()).toEqual({ status: 'loading', progress: null, generation: 0, snapshot: 'pending' })
    const call = engine.open('load')
    const download = { kind: 'download' as const, received: 1, total: 2, secondsLeft: null, fromCache: false }
    engine.progress(call, download)
    engine.progress(call, { kind: 'snapshot', verdict: 'accepted' })
    expect(model()).toEqual({ status: 'loading', progress: download, generation: 0, snapshot: 'accepted' })
    await engine.result(call, CARD)
    expect(model()).toEqual({ status: 'ready', card: CARD, generation: 1, snapshot: 'accepted' })
  })

  it.each([
    ['outdated', ['snapshot-refused']],
    ['foreign', ['snapshot-refused']],
    ['missing', []],
    ['accepted', []],
  ] as const)('a snapshot that is %s gives the notices %j', (verdict, expected) => {
    const { engine, loader, model, notices } = setUp()
    void loader.load()
    engine.progress(engine.open('load'), { kind: 'snapshot', verdict })
    expect([model().snapshot, notices()]).toEqual([verdict, expected])
  })

  it('tells of a damaged cache', () => {
    const { engine, loader, store } = setUp()
    void loader.load()
    engine.progress(engine.open('load'), { kind: 'damaged-cache', path: 'model.onnx' })
    expect(store.getState().notices).toMatchObject([{ kind: 'damaged-cache', data: { path: 'model.onnx' } }])
  })

  it.each([
    ['webgpu-failed', ['webgpu-fallback']],
    ['webgpu-disagrees', ['webgpu-fallback']],
    ['no-webgpu', []],
    ['agrees-with-wasm', []],
  ] as const)('a backend taken because %s gives the notices %j', async (reason, expected) => {
    const { engine, loader, notices } = setUp()
    void loader.load()
    await engine.result(engine.open('load'), cardWith(reason))
    expect(notices()).toEqual(expected)
  })

  it('that fails says why, keeps nothing of the progress, and can be tried again', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    engine.progress(engine.open('load'), { kind: 'stage', stage: 'verify' })
    await engine.fail(engine.open('load'), 'network', { path: 'model.onnx' })
    const error = { kind: 'network', message: 'network!', data: { path: 'model.onnx' } }
    expect(model()).toEqual({ status: 'failed', error, generation: 0, snapshot: 'pending' })
    void loader.load()
    expect(model()).toEqual({ status: 'loading', progress: null, generation: 0, snapshot: 'pending' })
    await engine.result(engine.open('load'), CARD)
    expect(model()).toMatchObject({ status: 'ready', generation: 1 })
  })

  it('can be stopped, and taken up again', async () => {
    const { engine, loader, model } = setUp()
    const load = loader.load()
    loader.cancel()
    await load
    expect(model().status).toBe('cancelled')
    expect(engine.count('load')).toBe(0)
    void loader.load()
    await engine.result(engine.open('load'), CARD)
    expect(model().status).toBe('ready')
    loader.cancel()
    expect(model().status).toBe('ready')
  })

  it('stopped while it starts, takes the worker with it: a session cannot be stopped half way', async () => {
    const { engine, loader, model } = setUp()
    const load = loader.load()
    engine.progress(engine.open('load'), { kind: 'stage', stage: 'start' })
    const workers = engine.workers()
    loader.cancel()
    await load
    expect(model().status).toBe('cancelled')
    void loader.load()
    expect(engine.workers()).toBe(workers + 1)
  })

  it('asked for twice, is one load: the first one does not report itself as stopped', async () => {
    const { engine, loader, model } = setUp()
    const first = loader.load()
    void loader.load()
    await first
    expect(model().status).toBe('loading')
    await engine.result(engine.open('load'), CARD)
    expect(model()).toMatchObject({ status: 'ready', generation: 1 })
  })
})

describe('a worker that died', () => {
  it('is followed by another with the model, and the reader is told', async () => {
    const { engine, loader, model, notices } = setUp()
    void loader.load()
    await engine.result(engine.open('load'), CARD)
    await engine.die()
    expect([model().status, notices()]).toEqual(['loading', ['engine-restarted']])
    await engine.result(engine.open('load'), CARD)
    expect(model()).toMatchObject({ status: 'ready', generation: 2 })
  })

  it('while it was loading does not leave a failure behind', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    await engine.die()
    expect(model().status).toBe('loading')
    expect(engine.count('load')).toBe(1)
  })

  it('again and again is not started for ever, whether or not the model came in between', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    for (let death = 0; death < 3; death++) {
      await engine.result(engine.open('load'), CARD)
      await engine.die()
    }
    await engine.die()
    expect(model()).toMatchObject({ status: 'failed', error: { kind: 'engine-lost' } })
    expect(engine.count('load')).toBe(0)
    void loader.load()
    await engine.result(engine.open('load'), CARD)
    expect(model().status).toBe('ready')
  })

  it('now and then is always started again', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    for (let death = 0; death < 10; death++) {
      await engine.result(engine.open('load'), CARD)
      vi.advanceTimersByTime(60_000)
      await engine.die()
    }
    expect(model().status).toBe('loading')
  })
})

describe('another backend', () => {
  it('ends the worker and loads the model anew, without a word of failure', async () => {
    const { actions, engine, loader, model, notices } = setUp()
    void loader.load()
    await engine.result(engine.open('load'), CARD)
    const run = engine.client.call('focus', { input: { text: 'x', edits: [] }, token: 0 }).catch((error: unknown) => error)
    actions.set({ backend: 'wasm' })
    loader.reload()
    expect(await run).toMatchObject({ kind: 'engine-replaced' })
    expect(engine.open('load').args).toMatchObject({ backend: 'wasm' })
    await engine.result(engine.open('load'), CARD)
    expect(model()).toMatchObject({ status: 'ready', generation: 2 })
    expect(notices()).toEqual([])
  })

  it('wanted while the model is on its way leaves one load', async () => {
    const { engine, loader, model } = setUp()
    const first = loader.load()
    loader.reload()
    await first
    expect([engine.count('load'), model().status]).toEqual([1, 'loading'])
  })
})
