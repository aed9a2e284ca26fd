import { describe, expect, it, vi } from 'vitest'
import type { Machine } from './find-browser.ts'
import { ENGINES, ensureEngines, findEngine, tellMissing } from './find-engines.ts'

const FIREFOX = '/usr/bin/firefox-esr'
const MINI = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'
const HELPERS = ['/usr/bin/WebKitWebDriver', '/usr/bin/Xvfb', '/usr/bin/dbus-daemon']

/** A Linux machine on which only `present` exists; packages bring their files when they are installed. */
function machine(present: readonly string[], more: Partial<Machine> = {}) {
  const files = new Set(present)
  const ran: string[] = []
  const packages: Readonly<Record<string, readonly string[]>> = {
    'firefox-esr': [FIREFOX],
    'webkit2gtk-driver': [MINI, '/usr/bin/WebKitWebDriver'],
    xvfb: ['/usr/bin/Xvfb'],
    dbus: ['/usr/bin/dbus-daemon'],
  }
  const made: Machine = {
    env: { PATH: '/usr/bin' },
    platform: 'linux',
    root: true,
    exists: (path) => files.has(path),
    starts: () => true,
    playwrightPath: async () => undefined,
    install: (command, args) => {
      ran.push([command, ...args].join(' '))
      for (const name of args) for (const file of packages[name] ?? []) files.add(file)
      return true
    },
    isDebian: () => true,
    ...more,
  }
  return { made, ran }
}

describe('ensureEngines', () => {
  it('takes installed ones and installs nothing', () => {
    const { made, ran } = machine([FIREFOX, MINI, ...HELPERS])
    expect(ensureEngines(made)).toEqual({ env: { INNERSCOPE_FIREFOX: FIREFOX, INNERSCOPE_WEBKIT: MINI }, missing: [] })
    expect(ran).toEqual([])
  })

  it('installs packages on Debian as root, of the missing engine only', () => {
    vi.spyOn(console, 'log').mockReturnValue()
    const { made, ran } = machine([FIREFOX, MINI, ...HELPERS.slice(1)])
    expect(ensureEngines(made).missing).toEqual([])
    expect(ran).toEqual(['apt-get update -q', 'apt-get install -y -q webkit2gtk-driver xvfb dbus'])
    expect(ensureEngines(machine([]).made)).toEqual({ env: { INNERSCOPE_FIREFOX: FIREFOX, INNERSCOPE_WEBKIT: MINI }, missing: [] })
  })

  it.each([{ root: false }, { isDebian: () => false }, { platform: 'darwin' as const }])('names what cannot be had: %o', (more) => {
    const { made, ran } = machine([], more)
    expect(ensureEngines(made)).toEqual({ env: { INNERSCOPE_FIREFOX: '', INNERSCOPE_WEBKIT: '' }, missing: ['Firefox', 'WebKit'] })
    expect(ran).toEqual([])
  })

  it('names an engine whose installation fails', () => {
    vi.spyOn(console, 'log').mockReturnValue()
    expect(ensureEngines(machine([FIREFOX], { install: () => false }).made).missing).toEqual(['WebKit'])
  })
})

describe('findEngine', () => {
  it('prefers the one that the environment names, and says when it is not there', () => {
    const [firefox] = ENGINES
    if (firefox === undefined) throw new Error('no engines')
    const env = { PATH: '/usr/bin', INNERSCOPE_FIREFOX: '/my/firefox' }
    expect(findEngine(firefox, machine([FIREFOX, '/my/firefox'], { env }).made)).toBe('/my/firefox')
    expect(() => findEngine(firefox, machine([FIREFOX], { env }).made)).toThrow('/my/firefox')
  })
})

describe('tellMissing', () => {
  it('is a remark for a reader and a failure in CI', () => {
    expect(tellMissing([], true)).toEqual({ lines: [], failed: 0 })
    expect(tellMissing(['WebKit'], false)).toEqual({ lines: [expect.stringContaining('Not tried in WebKit')], failed: 0 })
    expect(tellMissing(['Firefox', 'WebKit'], true)).toMatchObject({
      lines: [expect.stringMatching(/^FAIL Firefox/), expect.anything()],
      failed: 2,
    })
  })
})
