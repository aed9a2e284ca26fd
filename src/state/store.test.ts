import { describe, expect, it } from 'vitest'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import { referenceOf } from './reference.ts'
import { createActions, createAppStore } from './store.ts'

const MASK = { kind: 'mask' as const, at: 1 }

function setUp(change: Partial<Settings> = {}) {
  const store = createAppStore({ ...INITIAL_SETTINGS, textA: 'start', ...change })
  const actions = createActions(store)
  return {
    store,
    actions,
    settings: () => store.getState().settings,
    texts: () => store.getState().history.entries.map(({ textA, editsA }) => textA + '*'.repeat(editsA.length)),
    at: () => store.getState().history.at,
    reference: () => referenceOf(store.getState().settings, store.getState().history),
  }
}

describe('typing', () => {
  it('changes the text at once and the history only when it is committed', () => {
    const { actions, settings, texts } = setUp()
    for (const text of ['s', 'so', 'so good']) actions.type('a', text)
    expect([settings().textA, texts()]).toEqual(['so good', ['start']])
    actions.commit()
    actions.commit()
    expect(texts()).toEqual(['start', 'so good'])
  })

  it('clears the edits of the old tokens and the chosen tokens, after recording them', () => {
    const { actions, settings, texts } = setUp({ token: { side: 'a', index: 1 }, key: { side: 'a', index: 2 } })
    actions.edit('a', MASK)
    actions.set({ token: { side: 'a', index: 1 } })
    actions.type('a', 'other')
    expect(settings()).toMatchObject({ textA: 'other', editsA: [], token: null, key: null })
    expect(texts()).toEqual(['start', 'start*'])
  })

  it('of one side leaves the other as it is', () => {
    const { actions, settings } = setUp({ textB: 'b', editsA: [MASK], editsB: [MASK] })
    actions.type('b', 'other')
    expect(settings()).toMatchObject({ textA: 'start', editsA: [MASK], textB: 'other', editsB: [] })
  })
})

describe('an edit', () => {
  it('is recorded together with what was typed before it', () => {
    const { actions, settings, texts } = setUp()
    actions.type('a', 'typed')
    actions.edit('a', MASK)
    actions.edit('a', { kind: 'delete', at: 2 })
    expect(settings().editsA).toEqual([MASK, { kind: 'delete', at: 2 }])
    expect(texts()).toEqual(['start', 'typed', 'typed*', 'typed**'])
  })

  it('of A alone shows the difference to the unedited text', () => {
    const { actions, settings, reference } = setUp()
    actions.edit('a', MASK)
    expect(settings().pane).toBe('difference')
    expect(reference()).toEqual({ kind: 'unedited', input: { text: 'start', edits: [] } })
  })

  it('leaves the pane as it is when there is a B, when another pane is shown, and when B is edited', () => {
    for (const change of [{ textB: 'b' }, { pane: 'all' as const }]) {
      const { actions, settings } = setUp(change)
      const { pane } = settings()
      actions.edit('a', MASK)
      expect(settings().pane).toBe(pane)
    }
    const { actions, settings } = setUp({ textB: 'b' })
    actions.edit('b', MASK)
    expect(settings()).toMatchObject({ pane: 'a', editsA: [], editsB: [MASK] })
  })

  it('clears the chosen tokens, whose numbers it may change', () => {
    const { actions, settings } = setUp({ token: { side: 'a', index: 3 }, key: { side: 'a', index: 2 } })
    actions.edit('a', { kind: 'delete', at: 1 })
    expect(settings()).toMatchObject({ token: null, key: null })
  })

  it('can be taken back, one side at a time', () => {
    const { actions, settings, texts } = setUp({ textB: 'b', editsA: [MASK], editsB: [MASK] })
    actions.clearEdits('a')
    expect(settings()).toMatchObject({ editsA: [], editsB: [MASK] })
    expect(texts()).toEqual(['start*', 'start'])
  })
})

describe('undo and redo', () => {
  it('go over typing and edits alike', () => {
    const { actions, settings, texts } = setUp()
    actions.type('a', 'typed')
    actions.edit('a', MASK)
    actions.type('a', 'again')
    actions.undo()
    expect(settings()).toMatchObject({ textA: 'typed', editsA: [MASK] })
    actions.undo()
    expect(settings()).toMatchObject({ textA: 'typed', editsA: [] })
    actions.undo()
    expect(settings()).toMatchObject({ textA: 'start', editsA: [] })
    for (let i = 0; i < 3; i++) actions.redo()
    expect(settings()).toMatchObject({ textA: 'again', editsA: [] })
    expect(texts()).toEqual(['start', 'typed', 'typed*', 'again'])
  })

  it('never lose what was typed and not yet recorded', () => {
    const { actions, settings } = setUp()
    actions.type('a', 'not recorded')
    actions.undo()
    expect(settings().textA).toBe('start')
    actions.redo()
    expect(settings().textA).toBe('not recorded')
  })

  it('do nothing at the ends, not even to the chosen token', () => {
    const { actions, settings } = setUp({ token: { side: 'a', index: 1 } })
    const before = settings()
    actions.undo()
    actions.redo()
    expect(settings()).toEqual(before)
  })

  it('after typing in the past there is nothing to redo', () => {
    const { actions, settings, texts, at } = setUp()
    for (const text of ['one', 'two']) {
      actions.type('a', text)
      actions.commit()
    }
    actions.undo()
    actions.undo()
    actions.type('a', 'other')
    actions.redo()
    expect([settings().textA, texts(), at()]).toEqual(['other', ['start', 'other'], 1])
  })

  it('restore both sides', () => {
    const { actions, settings } = setUp({ textB: 'b' })
    actions.type('b', 'c')
    actions.edit('b', MASK)
    actions.undo()
    actions.undo()
    expect(settings()).toMatchObject({ textB: 'b', editsB: [] })
  })

  it('restore what A was compared with', () => {
    const { actions, settings } = setUp({ textB: 'b' })
    actions.set({ against: 'none' })
    actions.open({ textB: 'start', editsB: [MASK], against: 'b' })
    actions.undo()
    expect(settings()).toMatchObject({ textB: 'b', against: 'none' })
    actions.redo()
    expect(settings()).toMatchObject({ textB: 'start', against: 'b' })
  })

  it('leave views and preferences alone', () => {
    const { actions, settings } = setUp()
    actions.type('a', 'typed')
    actions.commit()
    actions.set({ theme: 'dark', chart: 'flow' })
    actions.undo()
    expect(settings()).toMatchObject({ textA: 'start', theme: 'dark', chart: 'flow' })
  })
})

describe('goTo', () => {
  it('goes to an entry and stays when there is no such entry', () => {
    const { actions, settings, at } = setUp()
    for (const text of ['one', 'two']) {
      actions.type('a', text)
      actions.commit()
    }
    actions.goTo(1)
    expect([settings().textA, at()]).toEqual(['one', 1])
    actions.goTo(9)
    actions.goTo(-1)
    expect([settings().textA, at()]).toEqual(['one', 1])
  })

  it('goes to the entry that was meant, even when recording what was typed shifts the full history', () => {
    const { actions, settings } = setUp()
    for (let i = 1; i < 100; i++) {
      actions.type('a', `text ${i}`)
      actions.commit()
    }
    actions.type('a', 'not recorded')
    actions.goTo(5)
    expect(settings().textA).toBe('text 5')
  })
})

describe('open', () => {
  it('replaces the inputs and all else that it names, and records them', () => {
    const { actions, settings, texts } = setUp({ token: { side: 'a', index: 1 } })
    actions.type('a', 'typed')
    actions.open({ textA: 'example', editsA: [], textB: 'other', editsB: [], pane: 'all' })
    expect(settings()).toMatchObject({ textA: 'example', textB: 'other', pane: 'all', token: null })
    expect(texts()).toEqual(['start', 'typed', 'example'])
    actions.undo()
    expect(settings()).toMatchObject({ textA: 'typed', textB: null })
  })

  it('may choose a token', () => {
    const { actions, settings } = setUp()
    actions.open({ ...INITIAL_SETTINGS, textA: 'x', token: { side: 'a', index: 2 } })
    expect(settings().token).toEqual({ side: 'a', index: 2 })
  })
})

describe('an edited text that is opened as B', () => {
  it('stays when A changes: the reader opened it', () => {
    const { actions, settings } = setUp({ textB: 'b' })
    actions.open({ textB: 'start', editsB: [MASK], against: 'b' })
    actions.type('a', 'other')
    expect(settings()).toMatchObject({ textA: 'other', textB: 'start', editsB: [MASK] })
  })
})

describe('hover and notices', () => {
  it('hover changes what it names and no setting', () => {
    const { actions, store, settings } = setUp()
    const before = settings()
    actions.hover({ token: { side: 'a', index: 1 } })
    actions.hover({ head: { layer: 0, head: 1 } })
    expect(store.getState().hover).toEqual({ token: { side: 'a', index: 1 }, key: null, head: { layer: 0, head: 1 } })
    expect(settings()).toBe(before)
  })

  it('a notice replaces the one of its kind, and goes when it is dismissed', () => {
    const { actions, store } = setUp()
    actions.notify('exported', { name: 'a.svg' })
    actions.notify('link-copied')
    actions.notify('exported', { name: 'b.svg' })
    const kinds = () => store.getState().notices.map(({ kind, data }) => [kind, data])
    expect(kinds()).toEqual([
      ['link-copied', {}],
      ['exported', { name: 'b.svg' }],
    ])
    expect(new Set(store.getState().notices.map(({ id }) => id)).size).toBe(2)
    actions.dismiss(store.getState().notices[0]?.id ?? -1)
    expect(kinds()).toEqual([['exported', { name: 'b.svg' }]])
  })
})
