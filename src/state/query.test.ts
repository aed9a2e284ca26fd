// Asking and following, in front of an engine that answers when the test says so: what is asked is A's text and a list of words.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineCallError } from '#protocol/client'
import { INITIAL_SETTINGS } from '#share/settings'
import type { ModelState } from './app-state.ts'
import { type CallContext, followQuery, type Query } from './query.ts'
import { slot } from './slot.ts'
import { CARD } from './state.fixture.ts'
import { createActions, createAppStore } from './store.ts'

interface Text {
  readonly text: string
}

interface Question extends Text {
  readonly words: string
}

/** One call of the engine. */
interface Call {
  readonly question: Question
  readonly context: CallContext<string>
  readonly part: (answer: string) => void
  readonly answer: (answer: string | null) => Promise<void>
  readonly fail: (kind: string) => Promise<void>
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

function setUp(change: Partial<Query<string, Text, Question>> = {}) {
  const place = slot<string, Text>('test')
  const store = createAppStore({ ...INITIAL_SETTINGS, tab: 'what-if', textA: 'a', tryWords: '' })
  const actions = createActions(store)
  const calls: Call[] = []
  const following = followQuery<string, Text, Question>(store, {
    slot: place,
    ask: ({ settings, model }) => {
      if (settings.tab !== 'what-if') return null
      return model.status === 'failed' ? 'unknown' : { text: settings.textA, words: settings.tryWords }
    },
    call: (question, context) => {
      return new Promise((resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(wire('cancelled')))
        calls.push({
          question,
          context,
          part: (answer) => context.part(() => answer),
          answer: async (answer) => {
            resolve(answer)
            await settled()
          },
          fail: async (kind) => {
            reject(wire(kind))
            await settled()
          },
        })
      })
    },
    ...change,
  })
  const last = (): Call => {
    const call = calls.at(-1)
    if (!call) throw new Error('nothing was asked')
    return call
  }
  const model = (state: Partial<ModelState>): void => store.setState(({ model }) => ({ model: { ...model, ...state } as ModelState }))
  return {
    store,
    actions,
    calls,
    last,
    following,
    model,
    /** A model becomes ready. */
    ready: () => model({ status: 'ready', card: CARD, generation: store.getState().model.generation + 1 }),
    asked: () => place.of(store.getState()),
    texts: () => calls.map(({ question }) => question.text),
    open: () => calls.filter(({ context }) => !context.signal.aborted).length,
  }
}

function wire(kind: string): EngineCallError {
  return new EngineCallError({ kind, message: `${kind}!`, data: {} })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a question', () => {
  it('is asked at once, and its answer stands beside it', async () => {
    const { last, asked } = setUp()
    expect(asked()).toEqual({ question: { text: 'a', words: '' }, status: 'running', error: null, answer: null })
    await last().answer('A')
    expect(asked()).toEqual({ question: { text: 'a', words: '' }, status: 'done', error: null, answer: 'A' })
  })

  it('is asked once as long as it is the same, whatever else changes', async () => {
    const { actions, last, calls, asked } = setUp()
    actions.set({ theme: 'dark' })
    await last().answer('A')
    const known = asked()
    actions.hover({ token: { side: 'a', index: 1 } })
    actions.set({ theme: 'light' })
    expect(calls).toHaveLength(1)
    expect(asked()).toBe(known)
  })

  it('is the same as long as its key is', () => {
    const { actions, calls } = setUp({ key: ({ text }) => text })
    actions.set({ tryWords: 'so' })
    expect(calls).toHaveLength(1)
    actions.type('a', 'b')
    expect(calls).toHaveLength(2)
  })

  it('that is not known yet leaves what is under way alone', async () => {
    const { model, actions, calls, last, asked } = setUp()
    model({ status: 'failed' })
    actions.type('a', 'b')
    expect([calls.length, last().context.signal.aborted]).toEqual([1, false])
    await last().answer('A')
    expect(asked()).toMatchObject({ question: { text: 'a' }, status: 'done' })
  })

  it('is asked before others ask because it is shown', () => {
    const order: string[] = []
    const { store, actions } = setUp({
      call: ({ text }) => {
        order.push(`first ${text}`)
        return new Promise(() => undefined)
      },
    })
    followQuery<string, Text, Text>(store, {
      slot: slot('other'),
      ask: ({ settings }) => ({ text: settings.textA }),
      call: ({ text }) => {
        order.push(`second ${text}`)
        return new Promise(() => undefined)
      },
    })
    actions.type('a', 'b')
    expect(order).toEqual(['first a', 'second a', 'first b', 'second b'])
  })
})

describe('the newest question', () => {
  it('wins: the one before is aborted, and nothing of it is shown', async () => {
    const { actions, calls, asked, texts } = setUp()
    const [old] = calls
    actions.type('a', 'b')
    expect([texts(), old?.context.signal.aborted]).toEqual([['a', 'b'], true])
    old?.part('A')
    await old?.answer('A')
    await old?.fail('run-failed')
    expect(asked()).toMatchObject({ question: { text: 'b' }, status: 'running', error: null, answer: null })
    await calls[1]?.answer('B')
    expect(asked()).toMatchObject({ status: 'done', answer: 'B' })
  })

  it('is shown with what is still true of the answer before, and else with none', async () => {
    const { actions, last, asked } = setUp({ keep: (before, { text }, last) => (last?.text === text ? before : null) })
    await last().answer('A')
    actions.set({ tryWords: 'so' })
    expect(asked()).toMatchObject({ question: { words: 'so' }, status: 'running', answer: 'A' })
    actions.type('a', 'b')
    expect(asked()).toMatchObject({ status: 'running', answer: null })
  })
})

describe('a pause', () => {
  it('in typing is waited for, and then the newest question is asked', async () => {
    const { actions, texts, asked, last } = setUp({ pauseMs: 400 })
    for (const text of ['ab', 'abc', 'abcd']) {
      vi.advanceTimersByTime(399)
      actions.type('a', text)
    }
    expect([texts(), asked()?.status]).toEqual([[], 'running'])
    vi.advanceTimersByTime(400)
    expect(texts()).toEqual(['abcd'])
    await last().answer('A')
    expect(asked()).toMatchObject({ question: { text: 'abcd' }, status: 'done' })
  })

  it('aborts what was asked before it, so that nothing old comes in it', async () => {
    const { actions, calls, asked } = setUp({ pauseMs: 400 })
    vi.advanceTimersByTime(400)
    actions.type('a', 'b')
    expect(calls[0]?.context.signal.aborted).toBe(true)
    await calls[0]?.answer('A')
    expect(asked()).toMatchObject({ question: { text: 'b' }, status: 'running', answer: null })
  })

  it('can be cut short, or stopped', () => {
    const { texts, following, actions, asked } = setUp({ pauseMs: 400 })
    following.again()
    expect(texts()).toEqual(['a'])
    actions.type('a', 'b')
    following.stop()
    vi.advanceTimersByTime(1000)
    expect([texts(), asked()?.status]).toEqual([['a'], 'stopped'])
  })
})

describe('partial answers', () => {
  it('are shown at a pace, the last of them at the end', async () => {
    const { last, asked, store } = setUp({ paceMs: 100 })
    const shown = new Set<unknown>()
    store.subscribe(() => shown.add(asked()?.answer))
    for (let at = 0; at < 100; at++) {
      last().part(String(at))
      vi.advanceTimersByTime(10)
    }
    expect(shown.size).toBeGreaterThan(8)
    expect(shown.size).toBeLessThan(14)
    last().part('whole')
    await last().answer(null)
    expect(asked()).toMatchObject({ status: 'done', answer: 'whole' })
    vi.advanceTimersByTime(1000)
    expect(asked()?.answer).toBe('whole')
  })

  it('are made of what is on screen when they are shown', () => {
    const { last, asked } = setUp({ paceMs: 0 })
    last().context.part((before) => `${before ?? ''}1`)
    last().context.part((before) => `${before ?? ''}2`)
    expect(asked()?.answer).toBe('12')
  })
})

describe('stopping', () => {
  it('keeps all that came, and is not begun again by itself', async () => {
    const { last, asked, following, calls, actions } = setUp()
    for (const part of ['1', '2', '3']) last().part(part)
    following.stop()
    await settled()
    expect([asked()?.status, asked()?.answer, last().context.signal.aborted]).toEqual(['stopped', '3', true])
    actions.set({ theme: 'dark' })
    expect(calls).toHaveLength(1)
  })

  it('is taken back by asking again', async () => {
    const { last, asked, following, calls } = setUp()
    following.stop()
    following.again()
    expect([calls.length, asked()?.status]).toEqual([2, 'running'])
    await last().answer('A')
    expect(asked()).toMatchObject({ status: 'done', answer: 'A' })
    following.stop()
    expect(asked()?.status).toBe('done')
  })

  it('holds for this question: the next is asked', () => {
    const { following, actions, texts } = setUp()
    following.stop()
    actions.type('a', 'b')
    expect(texts()).toEqual(['a', 'b'])
  })

  it('for good lets nothing be asked any more', () => {
    const { following, actions, texts, open } = setUp()
    following.end()
    actions.type('a', 'b')
    expect([texts(), open()]).toEqual([['a'], 0])
  })

  it('may come from the worker', async () => {
    const { last, asked } = setUp()
    last().part('1')
    await last().fail('cancelled')
    expect(asked()).toMatchObject({ status: 'stopped', error: null, answer: '1' })
  })
})

describe('a question that nobody looks at', () => {
  it('is stopped, and asked again when somebody does', () => {
    const { actions, asked, texts, open } = setUp()
    actions.set({ tab: 'attention' })
    expect([asked()?.status, open()]).toEqual(['stopped', 0])
    actions.set({ tab: 'what-if' })
    expect([texts(), asked()?.status]).toEqual([['a', 'a'], 'running'])
  })

  it('is not asked again where it was answered', async () => {
    const { actions, last, asked, calls } = setUp()
    await last().answer('A')
    actions.set({ tab: 'attention' })
    actions.set({ tab: 'what-if' })
    expect([calls.length, asked()?.status]).toEqual([1, 'done'])
  })

  it('takes its answer with it where that is wanted', async () => {
    const { actions, last, asked, calls } = setUp({ forgets: true })
    await last().answer('A')
    actions.set({ tab: 'attention' })
    expect(asked()).toBeNull()
    actions.set({ tab: 'what-if' })
    expect([calls.length, asked()?.status]).toEqual([2, 'running'])
    actions.set({ tab: 'attention' })
    await last().answer('A')
    expect(asked()).toBeNull()
  })
})

describe('a worker that dies', () => {
  it.each(['engine-lost', 'engine-replaced'])('leaves the question open (%s), and the next one is asked', async (kind) => {
    const { last, asked, ready, calls, actions } = setUp()
    await last().fail(kind)
    expect(asked()).toMatchObject({ status: 'running', error: null })
    actions.set({ theme: 'dark' })
    expect(calls).toHaveLength(1)
    ready()
    expect(calls).toHaveLength(2)
    await last().answer('A')
    expect(asked()).toMatchObject({ status: 'done', answer: 'A' })
  })

  it('has what it answered asked again, with the model that is ready then', async () => {
    const { last, asked, ready, calls } = setUp()
    await last().answer('A')
    ready()
    expect([calls.length, asked()?.status]).toEqual([2, 'running'])
  })
})

describe('a failure', () => {
  it('is shown as it came, with the answer so far, until another question', async () => {
    const { last, asked, actions } = setUp()
    last().part('1')
    last().part('2')
    await last().fail('run-failed')
    expect(asked()).toEqual({
      question: { text: 'a', words: '' },
      status: 'failed',
      error: { kind: 'run-failed', message: 'run-failed!', data: {} },
      answer: '2',
    })
    actions.type('a', 'b')
    expect(asked()).toMatchObject({ status: 'running', error: null, answer: null })
  })

  it('leaves of the answer what is wanted', async () => {
    const { last, asked } = setUp({ keepFailed: (before, _, { kind }) => (kind === 'edit-refused' ? before : null) })
    last().part('1')
    await last().fail('run-failed')
    expect(asked()).toMatchObject({ status: 'failed', answer: null })
  })

  it('is tried again when the reader comes back', async () => {
    const { last, actions, calls } = setUp()
    await last().fail('run-failed')
    actions.set({ tab: 'attention' })
    actions.set({ tab: 'what-if' })
    expect(calls).toHaveLength(2)
  })
})

describe('a question that the reader begins', () => {
  it('is asked when told, and forgotten when it becomes another one', async () => {
    const { following, actions, texts, asked, last } = setUp({ begins: 'when-told' })
    expect([texts(), asked()]).toEqual([[], null])
    following.again()
    await last().answer('A')
    actions.type('a', 'b')
    expect([texts(), asked()]).toEqual([['a'], null])
  })

  it('stays where it is while nobody looks, and does not begin again by itself', () => {
    const { following, actions, texts, asked, last } = setUp({ begins: 'when-told' })
    following.again()
    last().part('1')
    actions.set({ tab: 'attention' })
    actions.set({ tab: 'what-if' })
    expect([texts(), asked()?.status, asked()?.answer]).toEqual([['a'], 'stopped', '1'])
  })

  it('is asked of a new worker where the old one left it open, and stays where it was answered', async () => {
    const { following, ready, calls, last, asked } = setUp({ begins: 'when-told' })
    following.again()
    await last().fail('engine-lost')
    ready()
    expect(calls).toHaveLength(2)
    await last().answer('A')
    ready()
    expect([calls.length, asked()?.answer]).toEqual([2, 'A'])
  })
})
