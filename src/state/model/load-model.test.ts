import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineApi } from '#features/worker.ts'
import type { HubFiles, HubListing } from '#protocol/hub-api'
import type { BackendReason, ModelCard } from '#protocol/model-api'
import type { WorkerHost } from '#protocol/worker-host'
import { type ModelRef, sameModel } from '#share/model-ref'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import { CARD, fakeEngine, fakeHub } from '../state.fixture.ts'
import { createActions, createAppStore } from '../store.ts'
import { createModelLoader, type ModelLoader } from './load-model.ts'
import { createModelShelf, type ModelShelf } from './model-shelf.ts'
import type { ModelSlot } from './start-model.ts'

const PLACES = { models: 'https://page.test/m/', runtime: 'https://page.test/ort/', snapshots: 'https://page.test/s/' }
const HUB_REF: ModelRef = { kind: 'hub', repo: 'owner/name', revision: 'main', file: 'onnx/model.onnx' }
const cardWith = (reason: BackendReason): ModelCard => ({ ...CARD, backend: { ...CARD.backend, reason } })

function setUp(settings: Partial<Settings> = {}, slot: ModelSlot = 'model') {
  const store = createAppStore({ ...INITIAL_SETTINGS, ...settings })
  const actions = createActions(store)
  let loader: ModelLoader | null = null
  const engine = fakeEngine(() => loader?.recover())
  const client = (): WorkerHost<EngineApi> => engine.client
  const hub = fakeHub()
  const shelf = createModelShelf(store, null, () => hub.client)
  loader = createModelLoader(slot, store, actions, client, shelf, PLACES)
  const notices = (): string[] => store.getState().notices.map(({ kind }) => kind)
  return { store, actions, engine, hub, shelf, loader, model: () => store.getState().model, notices }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('loading the model', () => {
  it('asks for it where the page keeps it, on the backend of the settings', () => {
    const { actions, engine, loader } = setUp()
    actions.set({ backend: 'wasm' })
    void loader.load()
    expect(engine.open('load').args).toEqual({
      source: { kind: 'folder', base: 'https://page.test/m/minilm-sst2/', snapshot: 'https://page.test/s/minilm-sst2.bin' },
      runtime: PLACES.runtime,
      backend: 'wasm',
      weights: 'auto',
    })
  })

  it.each([
    ['the question of attribution alone', { tab: 'attribution', methods: ['leave-one-out'] }, undefined],
    ['a method on screen that needs them', { tab: 'attribution', methods: ['leave-one-out', 'saliency'] }, 'if-small'],
    ['such a method elsewhere', { tab: 'attention', methods: ['saliency'] }, undefined],
  ] as const)('with gradients or without, for %s', (_, settings, gradients) => {
    const { engine, loader } = setUp(settings)
    void loader.load()
    expect(engine.open('load').args.gradients).toBe(gradients)
  })

  it('shows its progress, and then the model', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    expect(model()).toMatchObject({ status: 'loading', progress: null, generation: 0, snapshot: 'pending' })
    const call = engine.open('load')
    const download = { kind: 'download' as const, received: 1, total: 2, secondsLeft: null, fromCache: false }
    engine.progress(call, download)
    engine.progress(call, { kind: 'snapshot', verdict: 'accepted' })
    expect(model()).toMatchObject({ status: 'loading', progress: download, generation: 0, snapshot: 'accepted' })
    await engine.result(call, CARD)
    expect(model()).toMatchObject({ status: 'ready', card: CARD, generation: 1, snapshot: 'accepted' })
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

  it.each([
    ['full', ['not-kept']],
    ['unavailable', []],
    ['yes', []],
  ] as const)('whose files are kept: %s gives the notices %j', async (kept, expected) => {
    const { engine, loader, notices } = setUp()
    void loader.load()
    await engine.result(engine.open('load'), { ...CARD, kept })
    expect(notices()).toEqual(expected)
  })

  it('that fails says why, keeps nothing of the progress, and can be tried again', async () => {
    const { engine, loader, model } = setUp()
    void loader.load()
    engine.progress(engine.open('load'), { kind: 'stage', stage: 'verify' })
    await engine.fail(engine.open('load'), 'network', { path: 'model.onnx' })
    const error = { kind: 'network', message: 'network!', data: { path: 'model.onnx' } }
    expect(model()).toMatchObject({ status: 'failed', error, generation: 0, snapshot: 'pending' })
    void loader.load()
    expect(model()).toMatchObject({ status: 'loading', progress: null, generation: 0, snapshot: 'pending' })
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

describe('a model of a hub', () => {
  it('that a link names is not asked for before the reader agrees', async () => {
    const { engine, hub, loader, model } = setUp({ model: HUB_REF })
    void loader.load()
    expect(model()).toMatchObject({ status: 'asking', reason: 'foreign', ref: HUB_REF })
    expect([hub.calls.length, engine.count('load')]).toEqual([0, 0])
    void loader.agree()
    await hub.answer('list', LISTING)
    expect(hub.calls.map(({ name }) => name)).toEqual(['list', 'download'])
    await hub.answer('download', FILES)
    expect(engine.open('load').args.source).toMatchObject({ kind: 'files', name: 'owner/name', onnx: 'onnx/model.onnx', license: 'mit' })
    await engine.result(engine.open('load'), CARD)
    expect(model().status).toBe('ready')
  })

  it('that the reader chose is fetched at once: its graph, its data and the tokenizer, of one commit', async () => {
    const { hub, shelf, loader, store } = setUp({ model: HUB_REF })
    shelf.allow(HUB_REF)
    void loader.load()
    expect(hub.calls[0]).toEqual({ name: 'list', args: { address: 'https://huggingface.co', repo: 'owner/name', revision: 'main' } })
    await hub.answer('list', LISTING)
    const asked = { address: 'https://huggingface.co', repo: 'owner/name', commit: 'c0ffee', files: [GRAPH, DATA, TOKENIZER] }
    expect(hub.calls[1]).toEqual({ name: 'download', args: asked })
    expect(store.getState().model).toMatchObject({ status: 'loading', progress: { kind: 'stage', stage: 'list' } })
  })

  it('that lacks the graph fails by its name, and can be left', async () => {
    const { hub, shelf, loader, model } = setUp({ model: { ...HUB_REF, file: 'onnx/other.onnx' } })
    shelf.allow({ ...HUB_REF, file: 'onnx/other.onnx' })
    void loader.load()
    await hub.answer('list', LISTING)
    expect(model()).toMatchObject({ status: 'failed', error: { kind: 'file-missing', data: { path: 'onnx/other.onnx' } } })
  })

  it('is remembered, and then not asked about', async () => {
    const { engine, hub, shelf, loader, store } = setUp({ model: HUB_REF })
    void loader.load()
    void loader.agree()
    await hub.answer('list', LISTING)
    await hub.answer('download', FILES)
    await engine.result(engine.open('load'), CARD)
    expect(store.getState().shelf.recent).toEqual([HUB_REF])
    expect(shelf.questionAbout(HUB_REF)).toBeNull()
    const forgotten = shelf.forget(HUB_REF)
    await hub.answer('forget', null)
    await forgotten
    expect(store.getState().shelf.recent).toEqual([])
    expect(hub.calls.at(-1)).toMatchObject({ name: 'forget' })
  })
})

describe('files of the reader', () => {
  const kept = async (shelf: ModelShelf, ...choice: Parameters<ModelShelf['keep']>) => {
    const ref = await shelf.keep(...choice)
    if ('message' in ref) throw new Error(ref.message)
    return ref
  }
  const filesOf = (content: string) => [{ path: 'model.onnx', blob: new Blob([content]) }]
  it('that are not at hand are asked for', () => {
    const { loader, model } = setUp({ model: { kind: 'local', name: 'mine', file: 'model.onnx', digest: '0123456789abcdef' } })
    void loader.load()
    expect(model()).toMatchObject({ status: 'asking', reason: 'local' })
  })

  it('are handed over as they are', async () => {
    const { actions, engine, shelf, loader } = setUp()
    const files = filesOf('x')
    actions.chooseModel('model', await kept(shelf, { name: 'mine', file: 'model.onnx' }, files))
    void loader.load()
    await Promise.resolve()
    await Promise.resolve()
    expect(engine.open('load').args.source).toEqual({
      kind: 'files',
      name: 'mine',
      files,
      onnx: 'model.onnx',
      checked: 'not',
      kept: 'own',
      license: null,
    })
  })

  it('that are called alike are models of their own, each with its own files, whichever was chosen last', async () => {
    const { shelf } = setUp()
    const [one, other] = [filesOf('one'), filesOf('other')]
    const model = { name: 'model', file: 'model.onnx' }
    const [first, second] = [await kept(shelf, model, one), await kept(shelf, model, other)]
    expect(sameModel(first, second)).toBe(false)
    const context = { signal: new AbortController().signal, onProgress: () => undefined }
    expect(await shelf.fetch(first, context)).toMatchObject({ files: one })
    expect(await shelf.fetch(second, context)).toMatchObject({ files: other })
    expect(sameModel(await kept(shelf, model, filesOf('one')), first)).toBe(true)
  })
})

describe('the second model', () => {
  it('has a state of its own and no snapshot', async () => {
    const { engine, loader, store } = setUp({ modelB: { kind: 'embedded', id: 'minilm-sst2' } }, 'modelB')
    void loader.load()
    expect(engine.open('load').args.source).toMatchObject({ kind: 'folder', snapshot: null })
    await engine.result(engine.open('load'), CARD)
    expect(store.getState().modelB?.status).toBe('ready')
    expect(store.getState().model.status).toBe('loading')
  })
})

const file = (path: string) => ({ path, size: 1, sha256: null, version: null })
const [GRAPH, DATA, TOKENIZER] = [file('onnx/model.onnx'), file('onnx/model.onnx_data'), file('tokenizer.json')]
const LISTING: HubListing = {
  repo: 'owner/name',
  revision: 'main',
  commit: 'c0ffee',
  license: 'mit',
  gated: false,
  files: [GRAPH, DATA, TOKENIZER],
  exhaustive: true,
  models: [{ path: GRAPH.path, files: [GRAPH, DATA], bytes: 2, precision: 'fp32', whole: true, tooLarge: false }],
  sideFiles: [TOKENIZER],
  suggested: GRAPH.path,
}
const FILES: HubFiles = {
  files: LISTING.files.map(({ path }) => ({ path, blob: new Blob([path]), sha256: null })),
  checked: 'size',
  kept: 'yes',
}
