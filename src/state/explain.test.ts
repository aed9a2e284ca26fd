import { describe, expect, it } from 'vitest'
import type { AttentionChoice, AttentionMatrix } from '#methods/attention/attention'
import type { HeadChange, ModelInput, TokenFocus } from '#protocol/engine-api'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import { alignTokens } from '#text/align'
import { startExplaining } from './explain.ts'
import { CARD, fakeEngine, type HeardCall, inputOf, PREDICTION, rowOf } from './state.fixture.ts'
import { createActions, createAppStore } from './store.ts'

const [LAYERS, HEADS] = [2, 3]

/** A matrix that tells what it was computed for: its text's length, its first head, whether it was precomputed. */
function matrixFor({ text }: ModelInput, { heads }: AttentionChoice, precomputed = false): AttentionMatrix {
  const [head = null] = heads
  return { head, tokens: 1, data: Float32Array.of(text.length, head?.layer ?? -1, head?.head ?? -1, precomputed ? 1 : 0) }
}

function focusFor({ text }: ModelInput, token: number): TokenFocus {
  return {
    token,
    layers: LAYERS,
    heads: HEADS,
    tokens: rowOf(text).tokens.length,
    from: Float32Array.of(text.length),
    to: Float32Array.of(token),
  }
}

function changesOf(): HeadChange[] {
  return Array.from({ length: LAYERS * HEADS }, (_, i) => ({
    layer: Math.floor(i / HEADS),
    head: i % HEADS,
    moved: 0.1,
    query: 0,
    key: 0,
    change: 0.1,
  }))
}

function setUp(change: Partial<Settings> = {}) {
  const store = createAppStore({ ...INITIAL_SETTINGS, textA: 'not bad', heads: [{ layer: 0, head: 0 }], ...change })
  const actions = createActions(store)
  const engine = fakeEngine()
  const stop = startExplaining(store, engine.client)
  const partial = ({ args }: HeardCall<'run'>, precomputed = false) => ({
    prediction: () =>
      ({
        kind: 'prediction',
        row: rowOf(args.input.text),
        prediction: PREDICTION,
        precomputed,
        runMs: 1,
        layers: LAYERS,
        heads: HEADS,
      }) as const,
    matrices: () => ({ kind: 'matrices', matrices: [matrixFor(args.input, args.choice, precomputed)] }) as const,
    thumbnails: (layer: number) =>
      ({ kind: 'thumbnails', layer, heads: HEADS, size: 1, data: Uint8Array.of(args.input.text.length, layer) }) as const,
  })
  const answerRun = async (call: HeardCall<'run'>, precomputed = false): Promise<void> => {
    const parts = partial(call, precomputed)
    engine.progress(call, parts.prediction())
    engine.progress(call, parts.matrices())
    for (let layer = 0; layer < LAYERS; layer++) engine.progress(call, parts.thumbnails(layer))
    await engine.result(call, null)
  }
  const answerDifference = async (call: HeardCall<'difference'>): Promise<void> => {
    const { a, b, choice } = call.args
    engine.progress(call, { kind: 'alignment', alignment: alignTokens(rowOf(a.text).tokens, rowOf(b.text).tokens) })
    engine.progress(call, { kind: 'matrices', matrices: [matrixFor(a, choice)] })
    engine.progress(call, { kind: 'heads', changes: changesOf() })
    for (let layer = 0; layer < LAYERS; layer++) {
      engine.progress(call, { kind: 'thumbnails', layer, heads: HEADS, size: 1, data: Int8Array.of(a.text.length, layer) })
    }
    await engine.result(call, null)
  }
  const answerMatrices = ({ args, ...call }: HeardCall<'attention'>): Promise<void> =>
    engine.result({ args, ...call }, [matrixFor(args.input, args.choice)])
  const answerFocus = (call: HeardCall<'focus'>): Promise<void> => engine.result(call, focusFor(call.args.input, call.args.token))
  /** The run that is asked for A now; its input tells it from the reference's. */
  const openRun = (text: string): HeardCall<'run'> => {
    const calls = engine.heard('run').filter(({ args }) => args.input.text === text)
    const last = calls.at(-1)
    if (!last) throw new Error(`no run of ${text}`)
    return last
  }
  const ready = (): void =>
    store.setState(({ model }) => ({ model: { status: 'ready', card: CARD, generation: model.generation + 1, snapshot: model.snapshot } }))
  return {
    store,
    actions,
    engine,
    stop,
    partial,
    answerRun,
    answerDifference,
    answerMatrices,
    answerFocus,
    openRun,
    ready,
    a: () => store.getState().a,
    reference: () => store.getState().reference,
    difference: () => store.getState().difference,
  }
}

const head = (layer: number, index: number) => ({ layer, head: index })

describe('the answer for A', () => {
  it('is asked for at once, and complete when it has come', async () => {
    const { engine, answerRun, a } = setUp()
    const run = engine.open('run')
    expect(run.args).toEqual({ input: inputOf('not bad'), choice: { heads: [head(0, 0)], reduce: 'each' }, thumbnail: 32 })
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
    expect(a().answer?.thumbnails.map((set) => [...(set?.data ?? [])])).toEqual([
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
    expect(a().answer?.thumbnails[0]?.data[0]).toBe(7)
    await answerRun(engine.open('run'))
    expect(a()).toMatchObject({ status: 'done', answer: { input: inputOf('so bad') } })
  })

  it('never has the row of one input and the matrices of another', async () => {
    const { engine, store, actions, answerRun, openRun } = setUp({ against: 'none' })
    const mixed: string[] = []
    store.subscribe(({ a: { answer } }) => {
      if (!answer) return
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
  })

  it('shows nothing of a new input before its matrices are there', async () => {
    const { engine, actions, answerRun, partial, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'good')
    engine.progress(openRun('good'), partial(openRun('good')).prediction())
    expect(a().answer?.input).toEqual(inputOf('not bad'))
  })

  it('keeps the old thumbnails until new ones replace them, layer by layer', async () => {
    const { engine, actions, answerRun, partial, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'good')
    const run = openRun('good')
    engine.progress(run, partial(run).prediction())
    engine.progress(run, partial(run).matrices())
    const firsts = (): unknown[] => a().answer?.thumbnails.map((set) => set?.data[0]) ?? []
    expect(firsts()).toEqual([7, 7])
    engine.progress(run, partial(run).thumbnails(1))
    expect(firsts()).toEqual([7, 4])
  })

  it('that fails says why and keeps the answer before', async () => {
    const { engine, actions, answerRun, a, openRun } = setUp({ against: 'none' })
    await answerRun(engine.open('run'))
    actions.type('a', 'good')
    await engine.fail(openRun('good'), 'run-failed', { backend: 'wasm' })
    expect(a()).toMatchObject({
      input: inputOf('good'),
      status: 'failed',
      error: { kind: 'run-failed', message: 'run-failed!', data: { backend: 'wasm' } },
      answer: { input: inputOf('not bad') },
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
    await answerDifference(engine.open('difference'))
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
