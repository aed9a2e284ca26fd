// Many edits as they stream in, and what can be done with one of them.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ModelCard } from '#protocol/model-api'
import { INITIAL_SETTINGS, MAX_EDITS, type Settings } from '#share/settings'
import { answerOf, CARD, fakeEngine, inputOf } from '#state/state.fixture'
import { createActions, createAppStore } from '#state/store'
import type { WhatIfRow } from '../api.ts'
import { EDITS, INTERACTIONS, listedWords, startWhatIf } from './what-if.ts'

const READY = { ...CARD, gradients: 'yes', removals: ['mask'] } as unknown as ModelCard

const rowAt = (token: number, left = 0): WhatIfRow => ({
  family: 'delete',
  token,
  tokens: [token],
  next: null,
  edits: [{ kind: 'delete', at: token }],
  word: null,
  output: token,
  before: 0,
  probabilities: { before: null, after: null },
  answer: 'NO',
  answerProbability: null,
  flips: true,
  attention: Float32Array.of(0.1),
  heads: [],
  similarity: 0.9,
  left,
})

function setUp(change: Partial<Settings> = {}) {
  const store = createAppStore({ ...INITIAL_SETTINGS, tab: 'what-if', textA: 'not bad', methods: ['saliency'], ...change })
  const actions = createActions(store)
  const engine = fakeEngine()
  const whatIf = startWhatIf(store, engine.client)
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
    const { store, actions, engine } = setUp({ interactions: 'on', whatIfView: 'interactions' })
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

describe('what can be done with an edit', () => {
  const edits = [
    { kind: 'delete', at: 2 },
    { kind: 'replace', at: 1, word: 'so' },
  ] as const

  it('is applied in one step, whatever it is made of, and undo takes all of it back', () => {
    const { store, actions } = setUp()
    actions.edit('a', ...edits)
    expect(store.getState().settings.editsA).toEqual(edits)
    actions.undo()
    expect(store.getState().settings.editsA).toEqual([])
  })

  it('is refused where a link could not hold it, and nothing of it is made', () => {
    const { store, actions } = setUp()
    actions.edit('a', ...Array.from({ length: MAX_EDITS + 1 }, () => edits[0]))
    expect(store.getState().settings.editsA).toEqual([])
    expect(store.getState().notices).toMatchObject([{ kind: 'edit-refused', data: { reason: 'too-many' } }])
  })
})

describe('a look at another part of the tab', () => {
  it('stops the scan, which begins again on return, and leaves the rows that came', () => {
    const { actions, engine, table } = setUp()
    engine.progress(engine.open('whatIf'), rowAt(1, 5))
    expect(table()).toMatchObject({ status: 'running', answer: { left: 5 } })
    actions.set({ whatIfView: 'counterfactuals' })
    expect([engine.count('whatIf'), table()?.status]).toEqual([0, 'stopped'])
    actions.set({ whatIfView: 'scan' })
    vi.advanceTimersByTime(500)
    expect(engine.count('whatIf')).toBe(1)
    expect(table()?.answer?.rows).toHaveLength(1)
  })
})
