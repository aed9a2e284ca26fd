// Many edits as they stream in, and one of them that is looked at more closely.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startAttributing } from '#features/attribution/state/attribute.ts'
import type { ModelCard } from '#protocol/model-api'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import { editsKey, openedEdits } from '#state/opened-edits'
import { answerOf, CARD, fakeEngine, inputOf } from '#state/state.fixture'
import { createActions, createAppStore } from '#state/store'
import type { WhatIfRow } from '../api.ts'
import { EDITS, INTERACTIONS, listedWords, startWhatIf } from './what-if.ts'

const READY = { ...CARD, gradients: 'yes', removals: ['mask'] } as unknown as ModelCard

const rowAt = (token: number, left = 0): WhatIfRow => ({
  family: 'delete',
  token,
  edits: [{ kind: 'delete', at: token }],
  word: null,
  output: token,
  before: 0,
  answer: 'NO',
  turned: true,
  attention: Float32Array.of(0.1),
  similarity: 0.9,
  left,
})

function setUp(change: Partial<Settings> = {}) {
  const store = createAppStore({ ...INITIAL_SETTINGS, tab: 'what-if', textA: 'not bad', methods: ['saliency'], ...change })
  const actions = createActions(store)
  const engine = fakeEngine()
  const whatIf = startWhatIf(store, engine.client)
  startAttributing(store, engine.client)
  store.setState(({ a, model }) => ({
    model: { ...model, status: 'ready', card: READY },
    a: { ...a, input: inputOf('not bad'), status: 'done', answer: answerOf('not bad') },
  }))
  vi.advanceTimersByTime(500)
  return { store, actions, engine, whatIf, table: () => EDITS.of(store.getState()) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a table of 2,000 edits', () => {
  const ROWS = 2000
  const MS_EACH = 2

  it('is shown ten times a second, and is whole at the end', async () => {
    const { store, engine, table } = setUp()
    const shown: (readonly WhatIfRow[])[] = []
    store.subscribe((state) => {
      const rows = EDITS.of(state)?.answer?.rows
      if (rows && rows !== shown.at(-1)) shown.push(rows)
    })
    const call = engine.open('whatIf')
    for (let at = 0; at < ROWS; at++) {
      engine.progress(call, rowAt(at, ROWS - at - 1))
      vi.advanceTimersByTime(MS_EACH)
    }
    expect(shown[0]).toHaveLength(1)
    const seconds = (ROWS * MS_EACH) / 1000
    expect(shown.length).toBeGreaterThan(5 * seconds)
    expect(shown.length).toBeLessThanOrEqual(10 * seconds + 2)
    await engine.result(call, [{ family: 'word', token: 1, word: '�', reason: 'empty-word' }])
    expect(table()).toMatchObject({ status: 'done', answer: { refused: [{ word: '�' }] } })
    expect(table()?.answer?.rows.map(({ token }) => token)).toEqual(Array.from({ length: ROWS }, (_, at) => at))
    // Nothing older comes after it.
    const last = table()
    vi.advanceTimersByTime(1000)
    expect(table()).toBe(last)
  })

  it('keeps every row that came when it is stopped, and begins again', async () => {
    const { engine, whatIf, table } = setUp()
    const call = engine.open('whatIf')
    for (let at = 0; at < 30; at++) engine.progress(call, rowAt(at, ROWS - at - 1))
    expect(table()?.answer?.rows).toHaveLength(1)
    whatIf.stop('edits')
    await vi.advanceTimersByTimeAsync(0)
    expect(table()).toMatchObject({ status: 'stopped' })
    expect(table()?.answer?.rows).toHaveLength(30)
    whatIf.again('edits')
    await vi.advanceTimersByTimeAsync(500)
    expect(engine.open('whatIf').args.input).toEqual(inputOf('not bad'))
  })
})

describe('interactions', () => {
  const values = (value: number) => ({
    units: [[1], [2]],
    values: Float32Array.of(Number.NaN, value, value, Number.NaN),
    left: 0,
    doubts: [],
  })

  it('of other units are not shown for those that are asked for, and end where they are no longer wanted', async () => {
    const { store, actions, engine } = setUp({ interactions: 'on' })
    const interactions = () => INTERACTIONS.of(store.getState())
    await engine.result(engine.open('interactions'), values(1))
    expect(interactions()).toMatchObject({ status: 'done', answer: { units: [[1], [2]] } })
    actions.set({ unit: 'word' })
    vi.advanceTimersByTime(500)
    expect(interactions()).toMatchObject({ status: 'running', answer: null })
    expect(engine.open('interactions').args.options).toEqual({ removal: 'mask', unit: 'word' })
    actions.set({ interactions: 'off' })
    expect(engine.count('interactions')).toBe(0)
  })
})

describe('a list of words', () => {
  it('holds each once, between commas of any script, and not more than can be tried', () => {
    expect(listedWords({ tryWords: 'good, great，好、good;\n' })).toEqual({ list: ['good', 'great', '好'], tooMany: 0 })
    const many = Array.from({ length: 53 }, (_, at) => `w${at}`)
    expect(listedWords({ tryWords: many.join() })).toEqual({ list: many.slice(0, 50), tooMany: 3 })
  })
})

describe('an edit that is opened as B', () => {
  const open = { textB: 'not bad', editsB: [{ kind: 'delete', at: 1 }], against: 'b' } as const

  it('is known by what B has beyond A', () => {
    const { store, actions } = setUp()
    expect(openedEdits(store.getState())).toBeNull()
    actions.open(open)
    expect(openedEdits(store.getState())).toBe(editsKey(open.editsB))
    actions.set({ against: 'none' })
    expect(openedEdits(store.getState())).toBeNull()
    actions.set({ against: 'b' })
    actions.type('b', 'so bad')
    expect(openedEdits(store.getState())).toBeNull()
  })

  it('has A attributed beside it by one quick method, until another tab or sentence comes', () => {
    const { actions, engine } = setUp()
    expect(engine.count('attribute')).toBe(0)
    actions.open(open)
    expect(engine.open('attribute').args).toMatchObject({ input: inputOf('not bad'), method: 'saliency' })
    actions.set({ tab: 'attention' })
    expect(engine.count('attribute')).toBe(0)
  })

  it('leaves the table and the chosen token as they are, and undo brings back the B that was typed', () => {
    const { store, actions, engine } = setUp({ tryWords: 'fine' })
    actions.type('b', 'so very good')
    actions.set({ token: { side: 'a', index: 1 } })
    vi.advanceTimersByTime(500)
    const before = engine.heard('whatIf').length
    actions.open({ ...open, token: { side: 'a', index: 1 } })
    actions.undo()
    expect(store.getState().settings).toMatchObject({ textB: 'so very good', editsB: [], token: { side: 'a', index: 1 } })
    vi.advanceTimersByTime(1000)
    expect(engine.heard('whatIf').length).toBe(before)
  })
})
