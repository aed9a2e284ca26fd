// The headline while a reader types: its first words behind every letter, all the others and what they claim in a pause.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { INITIAL_SETTINGS } from '#share/settings'
import { answerOf, CARD, fakeEngine, inputOf } from '#state/state.fixture'
import { createAppStore } from '#state/store'
import type { Headline } from '../api.ts'
import { currentHeadline, headlineSide, headlineTint, startHeadline } from './headline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function headline(left: number, drops: readonly number[]): Headline {
  return {
    units: [[1], [2]],
    unit: 'word',
    drops: Float32Array.from(drops),
    removal: 'mask',
    output: 1,
    answer: { index: 1, label: 'POSITIVE', probability: 0.9 },
    claim: { kind: 'unknown' },
    left,
  }
}

function setUp() {
  const store = createAppStore({ ...INITIAL_SETTINGS, textA: '' })
  const engine = fakeEngine()
  startHeadline(store, engine.client)
  const show = (text: string): void =>
    store.setState(({ a, model, settings }) => ({
      settings: { ...settings, textA: text },
      model: { ...model, status: 'ready', card: CARD },
      a: { ...a, input: inputOf(text), status: 'done', answer: answerOf(text) },
    }))
  const extents = () => engine.heard('headline').map(({ args }) => `${args.input.text} ${args.extent}`)
  return { store, engine, show, extents, known: () => currentHeadline(store.getState()) }
}

it('shows its first words at once, and is settled after a pause', async () => {
  const { engine, show, extents, known } = setUp()
  show('not bad')
  expect(extents()).toEqual(['not bad first'])
  await engine.result(engine.open('headline'), headline(7, [0.5, Number.NaN]))
  expect(known()).toMatchObject({ status: 'running', answer: { left: 7 } })
  await vi.advanceTimersByTimeAsync(200)
  expect(extents()).toEqual(['not bad first', 'not bad all'])
  await engine.result(engine.open('headline'), headline(0, [0.5, 2]))
  expect(known()).toMatchObject({ status: 'done', answer: { left: 0 } })
})

it('of a text that is typed on is not asked for more than its first words', async () => {
  const { engine, show, extents, known } = setUp()
  for (const text of ['not', 'not b', 'not bad']) {
    show(text)
    await engine.result(engine.open('headline'), headline(7, [0.5, Number.NaN]))
    await vi.advanceTimersByTimeAsync(140)
  }
  expect(extents()).toEqual(['not first', 'not b first', 'not bad first'])
  expect(known()).toMatchObject({ question: { input: { text: 'not bad' } }, status: 'running' })
})

it('that is whole in its first answer is asked for once', async () => {
  const { engine, show, extents, known } = setUp()
  show('Good')
  await engine.result(engine.open('headline'), { ...headline(0, []), claim: { kind: 'nothing-to-remove' } })
  await vi.advanceTimersByTimeAsync(500)
  expect(extents()).toEqual(['Good first'])
  expect(known()?.status).toBe('done')
})

it('is about B, and tints it, where B is chosen', async () => {
  const { store, engine, show, extents } = setUp()
  show('not bad')
  store.setState((state) => ({
    settings: { ...state.settings, textB: 'bad', against: 'b', pane: 'b' },
    reference: { ...state.a, input: inputOf('bad'), status: 'done', answer: answerOf('bad') },
  }))
  await engine.result(engine.open('headline'), headline(0, [0.5, 2]))
  expect(extents()).toEqual(['not bad first', 'bad first'])
  expect(headlineSide(store.getState())).toBe('b')
  expect(headlineTint(store.getState(), 'a')).toBeNull()
  expect(headlineTint(store.getState(), 'b')?.values.get(2)).toBe(2)
})
