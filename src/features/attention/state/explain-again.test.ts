import { describe, expect, it } from 'vitest'
import { startComparing } from '#features/compare/state/compare.ts'
import type { Settings } from '#share/settings'
import { inputOf } from '#state/state.fixture'
import { head, setUp as setUpAlone } from './explain.fixture.ts'

const setUp = (change: Partial<Settings> = {}) => setUpAlone(change, startComparing)

describe('the reference', () => {
  it('is run beside A, and their difference is asked for', async () => {
    const { engine, answerRun, answerDifference, openRun, reference, difference } = setUp({ textB: 'so bad' })
    await answerRun(openRun('not bad'))
    await answerRun(openRun('so bad'))
    expect(reference()).toMatchObject({ status: 'done', answer: { input: inputOf('so bad') } })
    const call = engine.open('difference')
    expect(call.args).toMatchObject({ a: inputOf('not bad'), b: inputOf('so bad'), choice: { heads: [head(0, 0)] }, thumbnail: 32 })
    await answerDifference(call)
    expect(difference()).toMatchObject({ a: inputOf('not bad'), b: inputOf('so bad'), changes: { length: 6 }, matrices: [{}] })
    expect(difference()?.thumbnails.map((set) => [...(set?.data ?? [])])).toEqual([
      [7, 0],
      [7, 1],
    ])
  })

  it('of an edit is the unedited text', async () => {
    const { engine, actions, answerRun, reference } = setUp()
    await answerRun(engine.open('run'))
    actions.edit('a', { kind: 'mask', at: 1 })
    expect(engine.open('difference').args).toMatchObject({ a: { edits: [{ kind: 'mask', at: 1 }] }, b: inputOf('not bad') })
    expect(reference()).toMatchObject({ input: inputOf('not bad'), status: 'running' })
  })

  it('that goes takes its answer and the difference with it', async () => {
    const { actions, engine, answerRun, answerDifference, openRun, reference, difference } = setUp({ textB: 'so bad' })
    await answerRun(openRun('not bad'))
    await answerRun(openRun('so bad'))
    await answerDifference(engine.open('difference'))
    actions.set({ against: 'none' })
    expect([reference(), difference()]).toEqual([null, null])
  })

  it('that goes while it is under way does not come back', async () => {
    const { actions, engine, answerRun, answerDifference, partial, openRun, reference, difference } = setUp({ textB: 'so bad' })
    await answerRun(openRun('not bad'))
    const [run, compared] = [openRun('so bad'), engine.open('difference')]
    engine.progress(run, partial(run).prediction())
    actions.set({ against: 'none' })
    await answerRun(run)
    await answerDifference(compared)
    await engine.fail(run, 'run-failed')
    expect([reference(), difference()]).toEqual([null, null])
    expect([engine.count('run'), engine.count('difference')]).toEqual([0, 0])
  })

  it('that comes back is run and compared again', async () => {
    const { actions, engine, answerRun, answerDifference, openRun, reference, difference } = setUp({ textB: 'so bad' })
    await answerRun(openRun('not bad'))
    actions.set({ against: 'none' })
    actions.set({ against: 'auto' })
    await answerRun(openRun('so bad'))
    await answerDifference(engine.open('difference'))
    expect(reference()?.status).toBe('done')
    expect(difference()).not.toBeNull()
  })

  it('is compared in the heads that are chosen', async () => {
    const { actions, engine, answerRun, answerDifference, openRun, difference } = setUp({ textB: 'so bad' })
    await answerRun(openRun('not bad'))
    await answerRun(openRun('so bad'))
    await answerDifference(engine.open('difference'))
    actions.set({ heads: [head(1, 1)] })
    expect(engine.open('difference').args.choice.heads).toEqual([head(1, 1)])
    expect(difference()?.choice.heads).toEqual([head(0, 0)])
    await answerDifference(engine.open('difference'))
    expect(difference()?.choice.heads).toEqual([head(1, 1)])
  })
})

describe('a model that becomes ready', () => {
  it('makes everything be asked for again, though nothing was typed', async () => {
    const { engine, ready, answerRun, answerDifference, answerFocus, openRun, a, reference } = setUp({
      textB: 'so bad',
      token: { side: 'a', index: 1 },
    })
    await answerRun(openRun('not bad'), true)
    await answerRun(openRun('so bad'), true)
    await answerDifference(engine.open('difference'))
    for (const call of engine.heard('focus')) await answerFocus(call)
    expect(a().answer?.precomputed).toBe(true)
    ready()
    expect([engine.count('run'), engine.count('difference')]).toEqual([2, 1])
    await answerRun(openRun('not bad'))
    await answerRun(openRun('so bad'))
    expect([a().answer?.precomputed, reference()?.answer?.precomputed]).toEqual([false, false])
    for (const call of engine.heard('focus').slice(-2)) await answerFocus(call)
    expect(a().answer?.focus?.token).toBe(1)
  })

  it('in a new worker answers what was open when the old one died', async () => {
    const { engine, ready, answerRun, a } = setUp()
    await engine.die()
    expect(a()).toMatchObject({ status: 'running', error: null })
    expect(engine.count('run')).toBe(0)
    ready()
    await answerRun(engine.open('run'))
    expect(a().status).toBe('done')
  })

  it('in a new worker answers for the heads and the token that were asked for when the old one died', async () => {
    const { engine, actions, ready, answerRun, answerFocus, a } = setUp()
    ready()
    await answerRun(engine.open('run'))
    actions.set({ heads: [head(1, 1)], token: { side: 'a', index: 2 } })
    expect([engine.count('attention'), engine.count('focus')]).toEqual([1, 1])
    await engine.die()
    ready()
    await answerRun(engine.open('run'))
    await answerFocus(engine.open('focus'))
    expect(a().answer).toMatchObject({ choice: { heads: [head(1, 1)] }, focus: { token: 2 } })
  })

  it('takes heads chosen while the same input ran again', async () => {
    const { engine, actions, ready, answerRun, answerMatrices, a } = setUp()
    ready()
    await answerRun(engine.open('run'))
    ready()
    const again = engine.open('run')
    actions.set({ heads: [head(1, 1)] })
    const call = engine.open('attention')
    await answerRun(again)
    await answerMatrices(call)
    expect(a().answer).toMatchObject({ choice: { heads: [head(1, 1)] }, matrices: [{ head: head(1, 1) }] })
  })

  it('gives a run that failed for want of it another try', async () => {
    const { engine, ready, answerRun, a } = setUp()
    await engine.fail(engine.open('run'), 'no-model')
    expect(a().status).toBe('failed')
    ready()
    await answerRun(engine.open('run'))
    expect(a()).toMatchObject({ status: 'done', error: null })
  })
})

describe('stopping', () => {
  it('cancels what is under way and asks for nothing more', () => {
    const { engine, actions, stop } = setUp({ textB: 'so bad' })
    stop()
    actions.type('a', 'good')
    expect(engine.count('run') + engine.count('difference')).toBe(0)
  })
})
