import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { INITIAL_SETTINGS, readLink } from '#share/settings'
import { followLink, type LinkEnvironment, startSettings } from './link.ts'
import { createActions, createAppStore } from './store.ts'

const PAUSE = 500

interface FakeWindow extends LinkEnvironment {
  readonly location: { hash: string; readonly pathname: string; readonly search: string }
  readonly urls: string[]
  readonly stored: Map<string, string>
  fire(type: 'hashchange' | 'pagehide'): void
  /** The reader puts a link into the address bar. */
  paste(fragment: string): void
}

function fakeWindow(fragment = '', storage: 'works' | 'throws' | 'none' = 'works', stored = new Map<string, string>()): FakeWindow {
  const listeners = new Map<string, () => void>()
  const urls: string[] = []
  const location = { hash: fragment === '' ? '' : `#${fragment}`, pathname: '/scope/', search: '?v=1' }
  const refuse = (): never => {
    throw new DOMException('denied', 'SecurityError')
  }
  const working = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  }
  const window: FakeWindow = {
    location,
    urls,
    stored,
    history: {
      replaceState: (_data, _unused, url) => {
        urls.push(url)
        location.hash = url.includes('#') ? url.slice(url.indexOf('#')) : ''
      },
    },
    storage: storage === 'none' ? null : storage === 'works' ? working : { getItem: refuse, setItem: refuse },
    addEventListener: (type, listener) => void listeners.set(type, listener),
    fire: (type) => listeners.get(type)?.(),
    paste: (pasted) => {
      location.hash = `#${pasted}`
      listeners.get('hashchange')?.()
    },
  }
  return window
}

function open(window: FakeWindow) {
  const { settings, damaged } = startSettings(window)
  const store = createAppStore(settings)
  const actions = createActions(store)
  followLink(store, actions, window)
  return { store, actions, damaged, settings: () => store.getState().settings }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the address', () => {
  it('follows the settings after a pause, once for many keystrokes, and keeps path and query', () => {
    const window = fakeWindow()
    const { actions } = open(window)
    for (const text of ['s', 'so', 'so bad']) {
      actions.type('a', text)
      vi.advanceTimersByTime(100)
    }
    expect(window.urls).toEqual([])
    vi.advanceTimersByTime(PAUSE)
    expect(window.urls).toEqual(['/scope/?v=1#lv=2&a=so%20bad'])
    actions.open(INITIAL_SETTINGS)
    vi.advanceTimersByTime(PAUSE)
    expect(window.urls.at(-1)).toBe('/scope/?v=1')
  })

  it('is not written when nothing in it changes', () => {
    const window = fakeWindow('a=so%20bad')
    const { actions } = open(window)
    actions.hover({ token: { side: 'a', index: 1 } })
    actions.set({ textA: 'so bad' })
    vi.advanceTimersByTime(PAUSE)
    window.fire('pagehide')
    expect(window.urls).toEqual([])
  })

  it('holds what was typed when the page goes away at once', () => {
    const window = fakeWindow()
    open(window).actions.type('a', 'typed')
    window.fire('pagehide')
    expect(window.urls).toEqual(['/scope/?v=1#lv=2&a=typed'])
    vi.advanceTimersByTime(PAUSE)
    expect(window.urls).toHaveLength(1)
  })

  it('opens the same page again', () => {
    const window = fakeWindow()
    const first = open(window)
    first.actions.open({
      textA: 'so bad & 中文',
      textB: '',
      pane: 'difference',
      heads: [{ layer: 1, head: 1 }],
      token: { side: 'b', index: 2 },
    })
    first.actions.edit('a', { kind: 'replace', at: 2, word: 'not & so' })
    vi.advanceTimersByTime(PAUSE)
    const second = open(fakeWindow(window.location.hash.slice(1)))
    expect(second.damaged).toEqual([])
    expect(second.settings()).toEqual(first.settings())
  })

  it('that the reader changes is opened', () => {
    const window = fakeWindow()
    const { actions, settings, store } = open(window)
    actions.type('a', 'typed')
    window.paste('a=pasted&p=all')
    expect(settings()).toMatchObject({ textA: 'pasted', pane: 'all' })
    expect(store.getState().history.entries.map(({ textA }) => textA)).toEqual([INITIAL_SETTINGS.textA, 'typed', 'pasted'])
    vi.advanceTimersByTime(PAUSE)
    expect(window.location.hash).toBe('#a=pasted&p=all')
    expect(store.getState().notices).toEqual([])
  })

  it('that was damaged is opened as far as it can be read, and the reader is told', () => {
    const window = fakeWindow()
    const { settings, store } = open(window)
    window.paste('a=pasted&p=nonsense')
    expect(settings()).toMatchObject({ textA: 'pasted', pane: 'a' })
    expect(store.getState().notices.map(({ kind }) => kind)).toEqual(['damaged-link'])
  })

  it('that did not change is not opened again', () => {
    const window = fakeWindow('a=linked')
    const { actions, settings } = open(window)
    actions.type('a', 'typed')
    window.fire('hashchange')
    expect(settings().textA).toBe('typed')
  })
})

describe('a new page', () => {
  it('starts with the first values, and names the damaged parts of its link', () => {
    expect(startSettings(fakeWindow())).toEqual({ settings: INITIAL_SETTINGS, damaged: [] })
    const { settings, damaged } = startSettings(fakeWindow('lv=2&c=flow&h=9&x=1'))
    expect([settings.chart, settings.heads, damaged]).toEqual(['flow', INITIAL_SETTINGS.heads, ['h', 'x']])
  })

  it('remembers theme, language and backend, and nothing else', () => {
    const stored = new Map<string, string>()
    const { actions } = open(fakeWindow('', 'works', stored))
    actions.set({ theme: 'dark', language: 'zh', backend: 'wasm', textA: 'typed', chart: 'flow', token: { side: 'a', index: 1 } })
    vi.advanceTimersByTime(PAUSE)
    expect(startSettings(fakeWindow('', 'works', stored)).settings).toEqual({
      ...INITIAL_SETTINGS,
      theme: 'dark',
      language: 'zh',
      backend: 'wasm',
    })
  })

  it('takes the link before the preferences', () => {
    const stored = new Map<string, string>()
    open(fakeWindow('', 'works', stored)).actions.set({ theme: 'dark', language: 'zh' })
    vi.advanceTimersByTime(PAUSE)
    expect(startSettings(fakeWindow('d=light', 'works', stored)).settings).toMatchObject({ theme: 'light', language: 'zh' })
  })

  it('forgets a preference that went back to its first value', () => {
    const stored = new Map<string, string>()
    const { actions } = open(fakeWindow('', 'works', stored))
    for (const theme of ['dark', 'system'] as const) {
      actions.set({ theme })
      vi.advanceTimersByTime(PAUSE)
    }
    expect(startSettings(fakeWindow('', 'works', stored)).settings.theme).toBe('system')
  })

  it.each(['throws', 'none'] as const)('works with a storage that %s', (storage) => {
    const window = fakeWindow('', storage)
    const { actions } = open(window)
    actions.set({ theme: 'dark' })
    vi.advanceTimersByTime(PAUSE)
    expect(readLink(window.location.hash.slice(1)).settings.theme).toBe('dark')
  })

  it('does not mind a damaged storage', () => {
    const stored = new Map([['innerscope-preferences', 'd=pink&%%%&a=text&l=en']])
    expect(startSettings(fakeWindow('', 'works', stored))).toEqual({ settings: { ...INITIAL_SETTINGS, language: 'en' }, damaged: [] })
  })
})

describe('a link that is pasted', () => {
  it("leaves the reader's preferences where it says nothing of them", () => {
    const window = fakeWindow()
    const { actions, settings } = open(window)
    actions.set({ theme: 'dark', language: 'zh' })
    window.paste('a=pasted&d=light')
    expect(settings()).toMatchObject({ textA: 'pasted', theme: 'light', language: 'zh' })
  })

  it('does not become a preference when something else is changed', () => {
    const stored = new Map([['innerscope-preferences', 'd=dark']])
    const { actions } = open(fakeWindow('d=light&l=zh', 'works', stored))
    actions.set({ language: 'en' })
    vi.advanceTimersByTime(PAUSE)
    expect(startSettings(fakeWindow('', 'works', stored)).settings).toMatchObject({ theme: 'dark', language: 'en' })
  })

  it('pasted into the bar becomes no preference either', () => {
    const stored = new Map<string, string>()
    const window = fakeWindow('', 'works', stored)
    open(window)
    window.paste('d=light&l=zh')
    vi.advanceTimersByTime(PAUSE)
    expect(stored.size).toBe(0)
  })
})
