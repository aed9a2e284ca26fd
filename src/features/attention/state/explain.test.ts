import { describe, expect, it } from 'vitest'
import { startComparing } from '#features/compare/state/compare.ts'
import type { Settings } from '#share/settings'
import { inputOf, rowOf } from '#state/state.fixture'
import { alignTokens } from '#text/align'
import { focusFor, head, matrixFor, setUp as setUpAlone } from './explain.fixture.ts'

const setUp = (change: Partial<Settings> = {}) => setUpAlone(change, startComparing)

describe('the answer for A', () => {
  it('is asked for at once, and complete when it has come', async () => {
    const { engine, answerRun, a } = setUp()
    const run = engine.open('run')
    expect(run.args).toEqual({
      input: inputOf('not bad'),
      choice: { heads: [head(0, 0)], reduce: 'each' },
      thumbnail: 32,
      sinksAside: true,
    })
    expect(a()).toMatchObject({ input: inputOf('not bad'), status: 'running', answer: null })
    await answerRun(run)
    expect(a()).toMatchObject({
      status: 'done',
      error: null,
      answer: {
        input: inputOf('not bad'),
        choice: run.args.choice,
        matrices: [matrixFor(run.args.input, run.args.choice)],
        precomputed: false,
      },
    })
    expect(a().thumbnails.map((set) => [...(set?.data ?? [])])).toEqual([
      [7, 0],
      [7, 1],
    ])
  })

  it('is asked for once as long as nothing about it changes', async () => {
    const { engine, answerRun, actions } = setUp()
    actions.hover({ token: { side: 'a', index: 1 } })
    actions.set({ theme: 'dark', zoom: 'readable', specials: 'hidden' })
    actions.notify('exported')
    await answerRun(engine.open('run'))
    actions.hover({ token: null })
    expect(engine.heard('run')).toHaveLength(1)
    expect(engine.heard('attention')).toHaveLength(0)
  })

  it('is the newest one: what was typed before is cancelled and never shown', async () => {
    const { engine, actions, answerRun, partial, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'so b')
    const old = openRun('so b')
    engine.progress(old, partial(old).prediction())
    actions.type('a', 'so bad')
    engine.progress(old, partial(old).matrices())
    engine.progress(old, partial(old).thumbnails(0))
    await engine.result(old, null)
    expect(a()).toMatchObject({ input: inputOf('so bad'), status: 'running', answer: { input: inputOf('not bad') } })
    expect(a().thumbnails[0]?.data[0]).toBe(7)
    await answerRun(engine.open('run'))
    expect(a()).toMatchObject({ status: 'done', answer: { input: inputOf('so bad') } })
  })

  it('is asked for before the difference that needs it', () => {
    const { engine, actions, openRun } = setUp({ textA: 'is not bad', textB: 'is bad' })
    actions.type('a', 'is not good')
    expect(openRun('is not good').id).toBeLessThan(engine.open('difference').id)
  })

  it('never has the row of one input and the matrices of another', async () => {
    const { engine, store, actions, answerRun, openRun } = setUp({ against: 'none' })
    const mixed: string[] = []
    const answered = new Set<string>()
    store.subscribe(({ a: { answer } }) => {
      if (!answer) return
      answered.add(answer.input.text)
      const length = answer.matrices[0]?.data[0]
      if (length !== answer.input.text.length || rowOf(answer.input.text).tokens.length !== answer.row.tokens.length)
        mixed.push(answer.input.text)
    })
    await answerRun(engine.open('run'))
    for (const text of ['a', 'a longer text', 'b']) {
      actions.type('a', text)
      await answerRun(openRun(text))
    }
    expect(mixed).toEqual([])
    expect([...answered]).toEqual(expect.arrayContaining(['a', 'a longer text', 'b']))
  })

  it('shows nothing of a new input before its matrices are there', async () => {
    const { engine, actions, answerRun, partial, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'good')
    engine.progress(openRun('good'), partial(openRun('good')).prediction())
    expect(a().answer?.input).toEqual(inputOf('not bad'))
  })

  it('keeps the old thumbnails until the new ones have come, and those that did not come', async () => {
    const { engine, actions, answerRun, partial, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'good')
    const run = openRun('good')
    engine.progress(run, partial(run).prediction())
    engine.progress(run, partial(run).matrices())
    const firsts = (): unknown[] => a().thumbnails.map((set) => set?.data[0]) ?? []
    expect(firsts()).toEqual([7, 7])
    engine.progress(run, partial(run).thumbnails(1))
    expect(firsts()).toEqual([7, 7])
    await engine.result(run, null)
    expect(firsts()).toEqual([7, 4])
  })

  it('that fails says why, and the answer to another text goes', async () => {
    const { engine, actions, answerRun, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'good')
    await engine.fail(openRun('good'), 'run-failed', { backend: 'wasm' })
    expect(a()).toMatchObject({
      input: inputOf('good'),
      status: 'failed',
      error: { kind: 'run-failed', message: 'run-failed!', data: { backend: 'wasm' } },
      answer: null,
    })
    actions.type('a', 'good again')
    expect(a()).toMatchObject({ status: 'running', error: null })
  })

  it('is asked for again with heads that the model has, when a link names others', async () => {
    const { engine, partial, answerRun, a } = setUp({ heads: [head(40, 2), head(1, 2)], chart: 'flow' })
    const first = engine.open('run')
    engine.progress(first, partial(first).prediction())
    await engine.fail(first, 'no-such-head', { layer: 40, head: 2 })
    const second = engine.open('run')
    expect(second.args.choice).toEqual({ heads: [head(1, 2)], reduce: 'each' })
    await answerRun(second)
    expect(a()).toMatchObject({ status: 'done', error: null, answer: { choice: second.args.choice } })
    expect(engine.count('attention')).toBe(0)
  })

  it('is not asked for again and again when no head will do', async () => {
    const { engine, partial, a } = setUp({ heads: [head(1, 1)] })
    const first = engine.open('run')
    engine.progress(first, partial(first).prediction())
    await engine.fail(first, 'no-such-head')
    expect([engine.heard('run').length, a().status, a().error?.kind]).toEqual([1, 'failed', 'no-such-head'])
  })
})

describe('the chosen heads', () => {
  it('are asked for when the choice changes, and shown with the choice that they are of', async () => {
    const { engine, actions, answerRun, answerMatrices, a } = setUp()
    await answerRun(engine.open('run'))
    actions.set({ heads: [head(1, 2)] })
    const call = engine.open('attention')
    expect(call.args).toEqual({ input: inputOf('not bad'), choice: { heads: [head(1, 2)], reduce: 'each' } })
    expect(a().answer?.choice.heads).toEqual([head(0, 0)])
    await answerMatrices(call)
    expect(a().answer).toMatchObject({ choice: call.args.choice, matrices: [matrixFor(call.args.input, call.args.choice)] })
    expect(engine.heard('run')).toHaveLength(1)
  })

  it('are the newest ones', async () => {
    const { engine, actions, answerRun, answerMatrices, a } = setUp()
    await answerRun(engine.open('run'))
    actions.set({ heads: [head(1, 1)] })
    const old = engine.open('attention')
    actions.set({ heads: [head(1, 2)] })
    await answerMatrices(engine.open('attention'))
    await answerMatrices(old)
    expect(a().answer?.choice.heads).toEqual([head(1, 2)])
  })

  it('stay when the reader comes back to them before the others have arrived', async () => {
    const { engine, actions, answerRun, answerMatrices, a } = setUp()
    await answerRun(engine.open('run'))
    actions.set({ heads: [head(1, 1)] })
    const old = engine.open('attention')
    actions.set({ heads: [head(0, 0)] })
    await answerMatrices(old)
    expect(a().answer).toMatchObject({ choice: { heads: [head(0, 0)] }, matrices: [{ data: Float32Array.of(7, 0, 0, 0) }] })
    actions.set({ heads: [head(1, 1)] })
    await answerMatrices(engine.open('attention'))
    expect(a().answer?.choice.heads).toEqual([head(1, 1)])
  })

  it('chosen while a run is under way are asked for as soon as it answers', async () => {
    const { engine, actions, answerRun, answerMatrices, a } = setUp()
    const run = engine.open('run')
    actions.set({ heads: [head(1, 0)] })
    await answerRun(run)
    expect(a().answer?.choice.heads).toEqual([head(0, 0)])
    await answerMatrices(engine.open('attention'))
    expect(a().answer?.choice.heads).toEqual([head(1, 0)])
  })

  it('of an input that is gone are not put into the answer for another', async () => {
    const { engine, actions, answerRun, answerMatrices, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.set({ heads: [head(1, 1)] })
    const old = engine.open('attention')
    actions.type('a', 'good')
    await answerRun(openRun('good'))
    await answerMatrices(old)
    expect(a().answer?.matrices[0]?.data[0]).toBe(4)
  })

  it('that cannot be fetched leave the page as it is', async () => {
    const { engine, actions, answerRun, a } = setUp()
    await answerRun(engine.open('run'))
    actions.set({ heads: [head(1, 1)] })
    await engine.fail(engine.open('attention'), 'run-failed')
    expect(a()).toMatchObject({ status: 'done', error: null, answer: { choice: { heads: [head(0, 0)] } } })
  })
})

describe('the chosen token', () => {
  it('is asked for, on its side, and the newest one is shown', async () => {
    const { engine, actions, answerRun, answerFocus, a } = setUp()
    await answerRun(engine.open('run'))
    actions.set({ token: { side: 'a', index: 1 } })
    const old = engine.open('focus')
    actions.set({ token: { side: 'a', index: 2 } })
    await answerFocus(engine.open('focus'))
    await answerFocus(old)
    expect(a().answer?.focus).toEqual(focusFor(inputOf('not bad'), 2))
  })

  it('that the row does not have is not asked for', async () => {
    const { engine, actions, answerRun } = setUp()
    await answerRun(engine.open('run'))
    actions.set({ token: { side: 'a', index: 4 } })
    actions.set({ token: { side: 'b', index: 0 } })
    expect(engine.heard('focus')).toHaveLength(0)
  })

  it('of an old input is not kept for a new one', async () => {
    const { engine, actions, answerRun, answerFocus, a, openRun } = setUp({ against: 'none', token: { side: 'a', index: 1 } })
    await answerRun(engine.open('run'))
    await answerFocus(engine.open('focus'))
    expect(a().answer?.focus?.token).toBe(1)
    actions.open({ textA: 'good', token: { side: 'a', index: 1 } })
    await answerRun(openRun('good'))
    expect(a().answer?.focus).toBeNull()
    await answerFocus(engine.open('focus'))
    expect(a().answer?.focus).toEqual(focusFor(inputOf('good'), 1))
  })

  it('is asked for on the other side too, where its partner stands', async () => {
    const { engine, actions, answerRun, answerDifference, answerFocus, openRun, reference } = setUp({
      textA: 'is not bad',
      textB: 'is bad',
    })
    await answerRun(openRun('is not bad'))
    await answerRun(openRun('is bad'))
    await answerDifference(engine.open('difference'), alignTokens(rowOf('is not bad').tokens, rowOf('is bad').tokens))
    actions.set({ token: { side: 'a', index: 3 } })
    const calls = engine.heard('focus')
    expect(calls.map(({ args }) => [args.input.text, args.token])).toEqual([
      ['is not bad', 3],
      ['is bad', 2],
    ])
    for (const call of calls) await answerFocus(call)
    expect(reference()?.answer?.focus?.token).toBe(2)
    actions.set({ token: { side: 'a', index: 2 } })
    expect(
      engine
        .heard('focus')
        .slice(2)
        .map(({ args }) => args.input.text),
    ).toEqual(['is not bad'])
  })
})
