// What is asked about the inside of a model, when, and what is kept of the answers: of the text on screen, and of no other.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ModelCard } from '#protocol/model-api'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import { answerOf, CARD, fakeEngine, inputOf } from '#state/state.fixture'
import { createActions, createAppStore } from '#state/store'
import type { HeadDetail, InferencePath, LensColumn, LogitLens, MeasuredRoles } from '../api.ts'
import { copyingOf, effectsOf, hasInside, lensOf, MOST_POSITIONS, randomRolesOf, startInside } from './inside.ts'
import { headOf, pathOf, startPath } from './path.ts'

type Found = Partial<ModelCard['found']>

const cardWith = (found: Found, gradients: 'yes' | 'no' = 'no'): ModelCard =>
  ({ ...CARD, layers: 4, heads: 3, gradients, found: { readout: true, path: true, ...found } }) as unknown as ModelCard

function setUp({
  found = {},
  gradients = 'no',
  settings = {},
}: {
  found?: Found
  gradients?: 'yes' | 'no'
  settings?: Partial<Settings>
} = {}) {
  const store = createAppStore({ ...INITIAL_SETTINGS, tab: 'inside', textA: 'not bad', ...settings })
  const actions = createActions(store)
  const engine = fakeEngine()
  const inside = startInside(store, engine.client)
  const path = startPath(store, engine.client)
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', card: cardWith(found, gradients) } }))
  const show = (text: string): void => {
    if (store.getState().settings.textA !== text) actions.set({ textA: text })
    store.setState(({ a }) => ({ a: { ...a, input: inputOf(text), status: 'done', answer: answerOf(text) } }))
    vi.advanceTimersByTime(500)
  }
  show('not bad')
  return { store, actions, engine, inside, path, show, state: () => store.getState() }
}

const columnAt = (at: number, name = 'x'): LensColumn => {
  const token = { id: at, piece: name, label: name }
  return { at, position: 3, target: token, foil: null, cells: [] }
}
const lensWith = (...columns: readonly LensColumn[]): LogitLens => ({ ...columnAt(3), columns })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the lens', () => {
  it('shows columns in the order of the text as they come, and all of them at the end', async () => {
    const { engine, state } = setUp()
    const call = engine.open('logitLens')
    expect(call.args).toMatchObject({ input: inputOf('not bad'), most: MOST_POSITIONS })
    for (const at of [3, 1]) engine.progress(call, columnAt(at))
    vi.advanceTimersByTime(200)
    expect(lensOf(state())).toMatchObject({ status: 'running', answer: [{ at: 1 }, { at: 3 }] })
    await engine.result(call, lensWith(columnAt(1), columnAt(2), columnAt(3)))
    expect(lensOf(state())).toMatchObject({ status: 'done', answer: [{ at: 1 }, { at: 2 }, { at: 3 }] })
  })

  it('keeps the columns while another target of the same text is read, and replaces them', async () => {
    const { engine, actions, state } = setUp()
    await engine.result(engine.open('logitLens'), lensWith(columnAt(1, 'old'), columnAt(3, 'old')))
    actions.set({ target: 0 })
    vi.advanceTimersByTime(500)
    const call = engine.open('logitLens')
    expect(lensOf(state())?.answer).toHaveLength(2)
    engine.progress(call, columnAt(3, 'new'))
    vi.advanceTimersByTime(200)
    expect(lensOf(state())?.answer?.map(({ target }) => target.label)).toEqual(['old', 'new'])
  })

  it('of another text is not that of this one', async () => {
    const { engine, show, state } = setUp()
    await engine.result(engine.open('logitLens'), lensWith(columnAt(1)))
    show('not good')
    expect(lensOf(state())?.answer ?? null).toBeNull()
    expect(engine.open('logitLens').args).toMatchObject({ input: inputOf('not good') })
  })
})

describe('what is asked', () => {
  const asked = (engine: ReturnType<typeof fakeEngine>): readonly string[] =>
    (['logitLens', 'jacobianLens', 'logitAttribution', 'headRoles', 'copying', 'sweep', 'inferencePath', 'headDetail'] as const).filter(
      (name) => engine.count(name) > 0,
    )

  it('is what opens with the tab: no gradients where there are none, nothing that takes long', () => {
    expect(asked(setUp().engine)).toEqual(['logitLens', 'logitAttribution', 'headRoles', 'inferencePath'])
    expect(asked(setUp({ gradients: 'yes' }).engine)).toContain('jacobianLens')
  })

  it('is nothing on another tab, and of a model without an output head the way alone', () => {
    expect(asked(setUp({ settings: { tab: 'attention' } }).engine)).toEqual([])
    expect(asked(setUp({ found: { readout: false } }).engine)).toEqual(['inferencePath'])
    expect(asked(setUp({ found: { path: false } }).engine)).not.toContain('inferencePath')
  })

  it('is more when the reader says so: random tokens, copying, parts switched off', async () => {
    const { engine, inside, state } = setUp()
    inside.measureRandom()
    inside.measureCopying('text')
    inside.measureEffects()
    expect(engine.heard('headRoles').map(({ args }) => args.random)).toEqual([null, 7])
    const copying = engine.open('copying')
    expect(copying.args).toMatchObject({ random: null })
    engine.progress(copying, 2)
    vi.advanceTimersByTime(200)
    expect(copyingOf(state())).toMatchObject({ status: 'running', answer: 2 })
    expect(engine.open('sweep').args).toMatchObject({ kinds: ['zero'], reference: null })
    inside.stopEffects()
    expect(effectsOf(state())?.status).toBe('stopped')
    expect(engine.count('sweep')).toBe(0)
  })

  it('on random tokens does not follow the text', async () => {
    const { engine, inside, show, state } = setUp()
    inside.measureRandom()
    const [, call] = engine.heard('headRoles')
    if (call === undefined) throw new Error('nothing was asked')
    await engine.result(call, { roles: {}, copies: 24, tokens: [] } as unknown as MeasuredRoles)
    show('not good')
    expect(randomRolesOf(state())?.answer).toMatchObject({ copies: 24 })
    expect(engine.heard('headRoles').filter(({ args }) => args.random === 7)).toHaveLength(1)
  })
})

describe('the way and what is open of it', () => {
  const head = { layer: 2, head: 1, tokens: [] } as unknown as HeadDetail

  it('asks for the head that a link opens, and for none where the model has no such', async () => {
    const { engine, actions, state } = setUp({ settings: { pathZoom: { layer: 2, head: 1, cell: null } } })
    const call = engine.open('headDetail')
    expect(call.args).toMatchObject({ layer: 2, head: 1 })
    await engine.result(call, head)
    expect(headOf(state())?.answer).toBe(head)
    for (const pathZoom of [
      { layer: 9, head: 1, cell: null },
      { layer: 2, head: 7, cell: null },
      { layer: 2, head: null, cell: null },
      null,
    ]) {
      actions.set({ pathZoom })
      vi.advanceTimersByTime(500)
      expect(engine.count('headDetail')).toBe(0)
      expect(headOf(state())).toBeNull()
    }
  })

  it('shows no other head’s numbers while one is on its way', async () => {
    const { engine, actions, state } = setUp({ settings: { pathZoom: { layer: 2, head: 1, cell: null } } })
    await engine.result(engine.open('headDetail'), head)
    actions.set({ pathZoom: { layer: 2, head: 0, cell: null } })
    vi.advanceTimersByTime(500)
    expect(headOf(state())?.answer ?? null).toBeNull()
    expect(engine.open('headDetail').args).toMatchObject({ layer: 2, head: 0 })
  })

  it('keeps another token’s way until that of the asked one is there, and never another text’s', async () => {
    const { engine, actions, show, state } = setUp()
    const found = { position: 0 } as unknown as InferencePath
    await engine.result(engine.open('inferencePath'), found)
    actions.set({ token: { side: 'a', index: 1 } })
    vi.advanceTimersByTime(500)
    expect(engine.open('inferencePath').args).toMatchObject({ position: 1 })
    expect(pathOf(state())?.answer).toBe(found)
    show('not good')
    expect(pathOf(state())?.answer ?? null).toBeNull()
  })
})

describe('the tab', () => {
  it('is there where something was recognised, or a link asks for it', () => {
    expect(hasInside(setUp({ settings: { tab: 'attention' } }).state())).toBe(true)
    expect(hasInside(setUp({ settings: { tab: 'attention' }, found: { readout: false, path: false } }).state())).toBe(false)
    expect(hasInside(setUp({ found: { readout: false, path: false } }).state())).toBe(true)
  })
})
