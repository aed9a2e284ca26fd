import { describe, expect, it } from 'vitest'
import type { HeadRef } from '#methods/attention/attention'
import type { HeadStatistics } from '#methods/attention/head-statistics'
import { INITIAL_SETTINGS } from '#share/settings'
import type { AppState, SideState } from '#state/app-state'
import { answerOf } from '#state/state.fixture'
import { createAppStore } from '#state/store'
import { GRADIENT_ATTENTION } from './head-importance.ts'
import { choiceFor, firstHead } from './shown-heads.ts'

const head = (layer: number, of: number) => ({ layer, head: of })
/** Of two layers with three heads: 1.2 sends most to content, 0.1 nothing but to sinks. */
const statistics: HeadStatistics = {
  sinks: [0, 3],
  sinkShare: Float32Array.of(0.5, 0.95, 0.5, 0.5, 0.5, 0.4),
  contentShare: Float32Array.of(0.1, 0, 0.1, 0.1, 0.1, 0.3),
  contentHead: head(1, 2),
}
const a: SideState = {
  input: { text: 'not bad', edits: [] },
  status: 'done',
  error: null,
  answer: answerOf('not bad', { statistics }),
  thumbnails: [],
}

function stateOf(change: Partial<AppState> = {}): AppState {
  return { ...createAppStore({ ...INITIAL_SETTINGS, textA: 'not bad' }).getState(), a, ...change }
}

function withImportance(state: AppState, first: HeadRef | null, heads = 6): AppState {
  const question = { input: a.input, target: { index: 1, foil: null, position: null, space: 'score' as const } }
  const answer = { ...question, wanted: NONE, choice: NONE, sinksAside: true, matrices: [], thumbnails: [], scale: 1 }
  const asked = {
    question: answer,
    status: 'done' as const,
    error: null,
    answer: { ...answer, first, importance: new Float32Array(heads) },
  }
  return { ...state, ...GRADIENT_ATTENTION.put(state, asked) }
}

const NONE = { heads: [], reduce: 'each' } as const

function compared(state: AppState, ...moved: number[]): AppState {
  const changes = moved.map((share, at) => ({ ...head(Math.floor(at / 3), at % 3), moved: share, query: 0, key: 0, change: share }))
  const alignment = { a: Int32Array.of(0), b: Int32Array.of(0) }
  const difference = { a: a.input, b: a.input, alignment, choice: NONE, matrices: [], changes, thumbnails: [] }
  return { ...state, reference: a, difference }
}

describe('the head on screen', () => {
  it('is unknown before the first answer', () => {
    const state = stateOf({ a: { ...a, answer: null } })
    expect([firstHead(state), choiceFor(state)]).toEqual([null, NONE])
  })

  it('is the one that sends most to content, until gradients tell which is most important', () => {
    expect(firstHead(stateOf())).toEqual({ head: head(1, 2), because: 'content' })
    const known = withImportance(stateOf(), head(1, 0))
    expect(firstHead(known)).toEqual({ head: head(1, 0), because: 'importance' })
    expect(choiceFor(known)).toEqual({ heads: [head(1, 0)], reduce: 'each' })
  })

  it('is not that of another model, nor the first of heads that all count for nothing', () => {
    expect(firstHead(withImportance(stateOf(), head(0, 0), 3))?.because).toBe('content')
    expect(firstHead(withImportance(stateOf(), null))?.because).toBe('content')
  })

  it('of a comparison is the one that changed most, for both sides; of equal sides it is as alone', () => {
    const state = compared(withImportance(stateOf(), head(0, 0)), 0, 0.2, 0.1, 0, 0, 0)
    expect(firstHead(state)).toEqual({ head: head(0, 1), because: 'change' })
    expect(choiceFor(state, 'reference').heads).toEqual([head(0, 1)])
    expect(firstHead(compared(stateOf(), 0, 0, 0, 0, 0, 0))?.because).toBe('content')
  })

  it('of a second model is its own where that has no such head', () => {
    const small = answerOf('not bad', { layers: 1, heads: 2, statistics: { ...statistics, contentHead: head(0, 1) } })
    expect(choiceFor(stateOf({ reference: { ...a, answer: small } }), 'reference').heads).toEqual([head(0, 1)])
  })

  it('is the one that the reader chose, whatever is known', () => {
    const state = compared(withImportance(stateOf(), head(1, 0)), 0.2, 0, 0, 0, 0, 0)
    const pinned = { ...state, settings: { ...state.settings, heads: [head(0, 2)] } }
    expect(choiceFor(pinned)).toEqual({ heads: [head(0, 2)], reduce: 'each' })
  })
})
