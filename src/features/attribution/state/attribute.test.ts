// Attributions in step with the answer: nothing of another text, and nothing behind a tab that was left.

import { describe, expect, it, vi } from 'vitest'
import type { AttributionMethodId } from '#catalogue/attribution-methods'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelCard } from '#protocol/model-api'
import { INITIAL_SETTINGS } from '#share/settings'
import { attributionSlot } from '#state/attributions'
import { answerOf, attributionOf, CARD, fakeEngine, inputOf } from '#state/state.fixture'
import { createAppStore } from '#state/store'
import { startAttributing } from './attribute.ts'

const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }
const READY = { ...CARD, gradients: 'yes', removals: ['mask'] } as unknown as ModelCard

function setUp(...chosen: readonly AttributionMethodId[]) {
  const methods: readonly AttributionMethodId[] = chosen.length > 0 ? chosen : ['saliency']
  const store = createAppStore({ ...INITIAL_SETTINGS, tab: 'attribution', methods })
  const engine = fakeEngine()
  const attributing = startAttributing(store, engine.client)
  const show = (text: string): void =>
    store.setState(({ a, model, settings }) => ({
      settings: { ...settings, textA: text },
      model: { ...model, status: 'ready', card: READY },
      a: { ...a, input: inputOf(text), status: 'done', answer: answerOf(text) },
    }))
  const own = () => attributionSlot('a', 'saliency').of(store.getState())
  return { store, engine, show, own, attributing }
}

describe('attributions', () => {
  it('are asked for the answer on screen, and shown as they come', async () => {
    const { engine, show, own } = setUp()
    show('not bad')
    const call = engine.open('attribute')
    expect(call.args).toMatchObject({ input: inputOf('not bad'), target: TARGET, method: 'saliency' })
    engine.progress(call, attributionOf([1, 2, 3, 4], { left: 2 }))
    expect(own()).toMatchObject({ status: 'running', answer: { left: 2 } })
    await engine.result(call, attributionOf([1, 2, 3, 4]))
    expect(own()).toMatchObject({ status: 'done', answer: { left: 0 } })
  })

  it('of the text before do not stand under the new one', async () => {
    const { engine, show, own } = setUp()
    show('not bad')
    await engine.result(engine.open('attribute'), attributionOf([1, 2, 3, 4]))
    show('so bad')
    expect(own()).toMatchObject({ question: { input: inputOf('so bad') }, status: 'running', answer: null })
  })

  it('that are under way end with the tab, and begin again when the reader comes back', () => {
    const { store, engine, show } = setUp()
    const tab = (name: 'attention' | 'attribution'): void => store.setState(({ settings }) => ({ settings: { ...settings, tab: name } }))
    show('not bad')
    expect(engine.count('attribute')).toBe(1)
    tab('attention')
    expect(engine.count('attribute')).toBe(0)
    tab('attribution')
    expect(engine.count('attribute')).toBe(1)
  })

  it('by leaving one out are asked for before all others', async () => {
    vi.useFakeTimers()
    const { engine, show } = setUp('interpolated-shapley', 'leave-one-out')
    show('not bad')
    vi.advanceTimersByTime(100)
    expect(engine.count('attribute')).toBe(1)
    await engine.result(engine.open('attribute'), attributionOf([1, 2, 3, 4], { method: 'leave-one-out' }))
    vi.advanceTimersByTime(400)
    expect(engine.open('attribute').args.method).toBe('interpolated-shapley')
    vi.useRealTimers()
  })

  it('of long methods wait for a pause, without values of the text before, and can be stopped in it', async () => {
    vi.useFakeTimers()
    const { store, engine, show, attributing } = setUp('lime')
    const lime = () => attributionSlot('a', 'lime').of(store.getState())
    show('not bad')
    vi.advanceTimersByTime(1000)
    await engine.result(engine.open('attribute'), attributionOf([1, 2, 3, 4]))
    show('so bad')
    expect([lime()?.status, lime()?.answer, engine.count('attribute')]).toEqual(['running', null, 0])
    attributing.stop('a', 'lime')
    vi.advanceTimersByTime(1000)
    expect([lime()?.status, engine.count('attribute')]).toEqual(['stopped', 0])
    attributing.again('a', 'lime')
    expect(engine.open('attribute').args.input).toEqual(inputOf('so bad'))
    vi.useRealTimers()
  })
})
