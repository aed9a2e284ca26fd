import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelCard } from '#protocol/model-api'
import type { ModelRef } from '#share/model-ref'
import { INITIAL_SETTINGS } from '#share/settings'
import { CARD, fakeEngine, fakeHub } from '../state.fixture.ts'
import { createActions, createAppStore } from '../store.ts'
import { followModels } from './follow-models.ts'
import { createModelLoader, type ModelLoader } from './load-model.ts'
import { createModelShelf } from './model-shelf.ts'

const PLACES = { models: 'https://page.test/m/', runtime: 'https://page.test/ort/', snapshots: 'https://page.test/s/' }
const LM: ModelRef = { kind: 'embedded', id: 'smollm2-135m-instruct' }
const WEIGHTS = { form: 'float32', reason: 'as-file', unpackedBytes: 1 } as const
const SMALL = { ...CARD, name: 'small', task: 'classifier', maskToken: '[MASK]', weights: { ...WEIGHTS, bytes: 1e6 } } as ModelCard
const LARGE: ModelCard = { ...SMALL, name: 'large', weights: { ...WEIGHTS, bytes: 6e8 } }
const LM_CARD: ModelCard = { ...LARGE, name: 'lm', task: 'causal-lm', maskToken: null }
const FOCUS = { input: { text: 'x', edits: [] }, token: 0 }

/** A page on which a model runs. */
async function setUp(card: ModelCard, change: Partial<typeof INITIAL_SETTINGS> = {}) {
  const store = createAppStore({ ...INITIAL_SETTINGS, ...change })
  const actions = createActions(store)
  let loader: ModelLoader | null = null
  const engine = fakeEngine(() => loader?.recover())
  const shelf = createModelShelf(store, null, () => fakeHub().client)
  loader = createModelLoader('model', store, actions, () => engine.client, shelf, PLACES)
  followModels(store, loader, { start: () => Promise.reject(new Error('no second model')) as never, end: () => undefined })
  await engine.result(engine.open('load'), card)
  const state = () => store.getState()
  return { store, actions, engine, loader, state }
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0))

describe('another model', () => {
  let page: Awaited<ReturnType<typeof setUp>>
  beforeEach(async () => {
    page = await setUp(SMALL, { textA: 'typed by me' })
  })

  it('is started beside the running one, which answers until it runs', async () => {
    const { engine, loader, state } = page
    const before = state().settings
    const opened = loader.open(LM)
    expect([engine.alive(), state().model.status, state().settings]).toEqual([2, 'ready', before])
    expect(state().opening).toMatchObject({ slot: 'model', ref: LM, brings: 'model', status: 'loading' })
    const load = engine.open('load')
    engine.progress(load, { kind: 'stage', stage: 'start' })
    void engine.client.call('focus', FOCUS).catch(() => undefined)
    await engine.result(engine.open('focus'), {
      token: 0,
      layers: 0,
      heads: 0,
      tokens: 0,
      from: new Float32Array(),
      to: new Float32Array(),
    })
    await engine.result(load, LM_CARD)
    expect(await opened).toBe(true)
    expect(state().model).toMatchObject({ status: 'ready', ref: LM, card: { name: 'lm' }, generation: 2 })
    expect([state().settings.model, state().settings.textA, state().opening]).toEqual([LM, 'typed by me', null])
    // The old worker is gone, and nothing was loaded twice.
    expect([engine.alive(), engine.count('load')]).toEqual([1, 0])
  })

  it('that fails leaves everything as it was, and says why', async () => {
    const { actions, engine, loader, state } = page
    actions.edit('a', { kind: 'delete', at: 1 })
    const { settings, model } = state()
    const opened = loader.open(LM)
    await engine.fail(engine.open('load'), 'html-page')
    expect(await opened).toBe(false)
    expect([state().settings, state().model, engine.alive()]).toEqual([settings, model, 1])
    expect(state().opening).toMatchObject({ status: 'failed', error: { kind: 'html-page' }, ref: LM, alone: false })
    loader.stopOpening()
    expect(state().opening).toBeNull()
  })

  it('that dies while it starts takes nothing with it', async () => {
    const { engine, loader, state } = page
    const { model } = state()
    const opened = loader.open(LM)
    await engine.die()
    expect([await opened, state().model, state().notices]).toEqual([false, model, []])
    expect(state().opening).toMatchObject({ status: 'failed', error: { kind: 'engine-lost' } })
    // For want of memory perhaps: the running one is closed first when the reader says so, and comes back where that does not help.
    const again = loader.open(LM, true)
    engine.progress(engine.open('load'), { kind: 'stage', stage: 'start' })
    expect([engine.alive(), state().model.status]).toEqual([1, 'loading'])
    await engine.fail(engine.open('load'), 'session-failed')
    expect(await again).toBe(false)
    expect(state().opening).toMatchObject({ status: 'failed', error: { kind: 'session-failed' }, alone: true })
    await engine.result(engine.open('load'), SMALL)
    expect(state().model).toMatchObject({ status: 'ready', card: { name: 'small' } })
  })

  it('can be stopped', async () => {
    const { engine, loader, state } = page
    const { model } = state()
    const opened = loader.open(LM)
    loader.stopOpening()
    expect([await opened, state().model, state().opening, engine.alive()]).toEqual([false, model, null, 1])
  })

  it('chosen after another one takes its place', async () => {
    const { engine, loader, state } = page
    const first = loader.open(LM)
    const other: ModelRef = { kind: 'local', name: 'mine', file: 'a.onnx', digest: '0123456789abcdef' }
    const second = loader.open(other)
    expect(await first).toBe(false)
    expect(await second).toBe(false)
    expect(state().opening).toMatchObject({ ref: other, status: 'failed', error: { kind: 'files-gone' } })
    expect(engine.alive()).toBe(1)
  })

  it('is dropped where a link names one', async () => {
    const { actions, engine, loader, state } = page
    const opened = loader.open(LM)
    actions.open({ model: LM })
    expect([await opened, state().opening, state().model.status, engine.count('load')]).toEqual([false, null, 'loading', 1])
  })
})

describe('in place of a large model', () => {
  it('another one starts alone, once its files are there and can be read', async () => {
    const { engine, loader, state } = await setUp(LARGE)
    const opened = loader.open(LM)
    engine.progress(engine.open('load'), { kind: 'stage', stage: 'prepare' })
    expect([engine.alive(), state().model.status]).toEqual([2, 'ready'])
    engine.progress(engine.open('load'), { kind: 'stage', stage: 'start' })
    expect([engine.alive(), state().model.status]).toEqual([1, 'loading'])
    await engine.result(engine.open('load'), LM_CARD)
    expect([await opened, state().model.status, state().settings.model]).toEqual([true, 'ready', LM])
  })

  it('and is followed by it again where it fails or is stopped', async () => {
    const { engine, loader, state } = await setUp(LARGE)
    for (const end of ['fails', 'stopped', 'dies'] as const) {
      const opened = loader.open(LM)
      const load = engine.open('load')
      engine.progress(load, { kind: 'stage', stage: 'start' })
      if (end === 'fails') await engine.fail(load, 'session-failed')
      else if (end === 'dies') await engine.die()
      else loader.stopOpening()
      expect(await opened).toBe(false)
      await settled()
      expect(state().model.status).toBe('loading')
      expect(engine.open('load').args.source).toMatchObject({ base: 'https://page.test/m/minilm-sst2/' })
      await engine.result(engine.open('load'), LARGE)
      expect([state().model.status, engine.alive()]).toEqual(['ready', 1])
    }
  })
})

describe('gradients', () => {
  it('come beside the session that answers, and are kept when the worker dies', async () => {
    const { engine, loader, state } = await setUp({ ...SMALL, gradients: 'on-request' })
    void loader.addGradients()
    // Asked for by two parts of the page, they are one start.
    expect(await loader.addGradients()).toBe(false)
    expect(engine.open('load').args).toMatchObject({ gradients: 'yes' })
    expect([state().model.status, state().opening?.brings]).toEqual(['ready', 'gradients'])
    await engine.result(engine.open('load'), { ...SMALL, gradients: 'yes' })
    await settled()
    expect(state().model).toMatchObject({ status: 'ready', card: { gradients: 'yes' }, generation: 2 })
    expect([state().opening, engine.alive()]).toEqual([null, 1])
    await engine.die()
    expect(engine.open('load').args).toMatchObject({ gradients: 'yes' })
  })

  it('that cannot be had leave the model without', async () => {
    const { engine, loader, state } = await setUp({ ...SMALL, gradients: 'on-request' })
    const { model } = state()
    void loader.addGradients()
    await engine.fail(engine.open('load'), 'session-failed')
    await settled()
    expect([state().model, state().opening?.status]).toEqual([model, 'failed'])
  })
})

describe('the text of another kind of model', () => {
  const switched = async (change: Partial<typeof INITIAL_SETTINGS>) => {
    const page = await setUp(SMALL, change)
    const opened = page.loader.open(LM)
    await page.engine.result(page.engine.open('load'), LM_CARD)
    await opened
    return page
  }

  it('that was an example is followed by one for the new kind, and undo brings it back', async () => {
    const { actions, state } = await switched({ textA: 'The film is not bad at all.' })
    expect([state().settings.textA, state().settings.textB]).toEqual(['The capital of France is', null])
    actions.undo()
    expect([state().settings.textA, state().settings.model]).toEqual(['The film is not bad at all.', LM])
  })

  it('and its second sentence too', async () => {
    const { state } = await switched({ textA: 'The film is not bad at all.', textB: 'The film is bad at all.' })
    expect(state().settings).toMatchObject({ textA: 'The capital of France is', textB: 'The capital of Italy is' })
  })

  it.each([
    ['was typed', { textA: 'The film is not bad.', textB: null }],
    ['has a typed one beside it', { textA: 'The film is not bad at all.', textB: 'typed' }],
    ['is an example of the new kind', { textA: 'The keys to the cabinet', textB: null }],
  ])('stays where it %s', async (_, texts) => {
    const { state } = await switched(texts)
    expect(state().settings).toMatchObject(texts)
  })
})
