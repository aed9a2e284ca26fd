import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setUp } from './explain.fixture.ts'

describe('an answer to an older text', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('stands for the moment that a ready model needs', async () => {
    const { engine, actions, answerRun, store, ready } = setUp()
    ready()
    await answerRun(engine.open('run'))
    actions.type('a', 'not good')
    vi.advanceTimersByTime(5_000)
    expect(store.getState().a).toMatchObject({ status: 'running', answer: { input: { text: 'not bad' } } })
  })

  it('goes when there is no model yet and no snapshot answers', async () => {
    const { engine, actions, answerRun, store } = setUp()
    await answerRun(engine.open('run'))
    actions.type('a', 'not good')
    vi.advanceTimersByTime(249)
    expect(store.getState().a.answer).not.toBeNull()
    vi.advanceTimersByTime(1)
    expect(store.getState().a).toMatchObject({ status: 'running', answer: null })
  })

  it('goes when the newer text fails', async () => {
    const { engine, actions, answerRun, openRun, store, ready } = setUp()
    ready()
    await answerRun(engine.open('run'))
    actions.type('a', 'not good')
    await engine.fail(openRun('not good'), 'run-failed')
    expect(store.getState().a).toMatchObject({ status: 'failed', answer: null })
  })

  it('is kept when the same text fails: it is still true', async () => {
    const { engine, answerRun, store, ready } = setUp()
    await answerRun(engine.open('run'))
    ready()
    await engine.fail(engine.open('run'), 'run-failed')
    expect(store.getState().a).toMatchObject({ status: 'failed', answer: { input: { text: 'not bad' } } })
  })
})
