// The address bar mirrors the settings, and a link or the reader's own preferences start them.

import { areInitial, INITIAL_SETTINGS, readLink, type Settings, writeLink } from '#share/settings'
import type { Actions, AppStore } from './store.ts'

/** The part of `window` that links need; faked in tests. */
export interface LinkEnvironment {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: { replaceState(data: unknown, unused: string, url: string): void }
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null
  addEventListener(type: 'hashchange' | 'pagehide', listener: () => void): void
}

/** What a reader wants on every visit, as long as no link says otherwise. */
const PREFERENCES = ['theme', 'language', 'backend'] as const
const STORED = 'innerscope-preferences'
/** Browsers refuse or slow down when the address changes on every keystroke: wait for a pause this long. */
/** Longer than between two letters: the browser lays the page out for it. */
const WRITE_AFTER_MS = 400

export interface StartSettings {
  readonly settings: Settings
  readonly damaged: readonly string[]
}

/** Settings of a new page: first values, then preferences, then the link. */
export function startSettings(environment: LinkEnvironment): StartSettings {
  return openLink(environment.location.hash.slice(1), readLink(readStored(environment)).settings)
}

/** A link's settings; where it says nothing, the reader's preferences stay. */
function openLink(fragment: string, reader: Settings): StartSettings {
  const { settings, damaged } = readLink(fragment)
  const fromLink = Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => value !== INITIAL_SETTINGS[name as keyof Settings]),
  )
  return { settings: { ...INITIAL_SETTINGS, ...preferencesOf(reader), ...fromLink }, damaged }
}

function preferencesOf(settings: Settings): Partial<Settings> {
  return Object.fromEntries(PREFERENCES.map((name) => [name, settings[name]]))
}

/** Follows the settings with the address, and the address with the settings when the reader pastes a link into the bar. */
export function followLink(store: AppStore, actions: Actions, environment: LinkEnvironment): void {
  let written = environment.location.hash.slice(1)
  let timer: ReturnType<typeof setTimeout> | undefined
  let before = store.getState().settings
  let opening = false

  /** What the address said first may be spelled otherwise, as links of earlier versions are. */
  let mirrored = fragmentOf(store.getState().settings)

  const write = (): void => {
    const fragment = fragmentOf(store.getState().settings)
    if (fragment === mirrored) return
    written = fragment
    mirrored = fragment
    const { pathname, search } = environment.location
    environment.history.replaceState(null, '', `${pathname}${search}${fragment === '' ? '' : `#${fragment}`}`)
  }
  store.subscribe(({ settings }) => {
    if (settings === before) return
    // Only what changes here is a preference: a link that was opened must not become one.
    const changed = opening ? [] : PREFERENCES.filter((name) => settings[name] !== before[name])
    if (changed.length > 0) writeStored(environment, changed, settings)
    before = settings
    clearTimeout(timer)
    timer = setTimeout(write, WRITE_AFTER_MS)
  })
  // A reload right after a keystroke must find what was typed.
  environment.addEventListener('pagehide', write)
  environment.addEventListener('hashchange', () => {
    const fragment = environment.location.hash.slice(1)
    if (fragment === written) return
    written = fragment
    const { settings, damaged } = openLink(fragment, store.getState().settings)
    opening = true
    actions.open(settings)
    mirrored = fragmentOf(settings)
    opening = false
    if (damaged.length > 0) actions.notify('damaged-link')
  })
}

function fragmentOf(settings: Settings): string {
  return areInitial(settings) ? '' : writeLink(settings)
}

function readStored({ storage }: LinkEnvironment): string {
  try {
    return storage?.getItem(STORED) ?? ''
  } catch {
    return ''
  }
}

function writeStored(environment: LinkEnvironment, changed: readonly (typeof PREFERENCES)[number][], settings: Settings): void {
  const stored = readLink(readStored(environment)).settings
  const now = Object.fromEntries(changed.map((name) => [name, settings[name]]))
  try {
    environment.storage?.setItem(STORED, writeLink({ ...INITIAL_SETTINGS, ...preferencesOf(stored), ...now }))
  } catch {
    // A full or forbidden storage forgets preferences; the link still holds them.
  }
}
