import { describe, expect, it, vi } from 'vitest'
import { candidates, ensureBrowser, findBrowser, launchArgs, type Machine } from './find-browser.ts'

/** A Linux machine on which only `present` exists; `installing` makes files appear when its command runs. */
function machine(present: readonly string[], more: Partial<Machine> = {}, installing: Readonly<Record<string, string>> = {}) {
  const files = new Set(present)
  const ran: string[] = []
  const made: Machine = {
    env: { PATH: '/usr/bin:/opt/bin' },
    platform: 'linux',
    root: true,
    exists: (path) => files.has(path),
    starts: () => true,
    playwrightPath: async () => '/cache/playwright/chrome',
    install: (command, args) => {
      ran.push([command, ...args].join(' '))
      const file = installing[command]
      if (file && !args.includes('update')) files.add(file)
      return file !== undefined
    },
    isDebian: () => true,
    ...more,
  }
  return { made, ran }
}

describe('findBrowser', () => {
  it('prefers the one that the environment names', async () => {
    const { made } = machine(['/my/chrome', '/usr/bin/chromium'], { env: { PATH: '/usr/bin', INNERSCOPE_CHROMIUM: '/my/chrome' } })
    expect(await findBrowser(made)).toBe('/my/chrome')
  })

  it('says so when the named one is not there', async () => {
    await expect(findBrowser(machine([], { env: { INNERSCOPE_CHROMIUM: '/my/chrome' } }).made)).rejects.toThrow('/my/chrome')
  })

  it('prefers an installed one to that of Playwright, and chromium to chrome', async () => {
    const { made } = machine(['/cache/playwright/chrome', '/usr/bin/google-chrome', '/opt/bin/chromium'])
    expect(await findBrowser(made)).toBe('/opt/bin/chromium')
  })

  it('passes over one that does not start', async () => {
    const { made } = machine(['/usr/bin/chromium', '/usr/bin/google-chrome'], { starts: (path) => path.endsWith('google-chrome') })
    expect(await findBrowser(made)).toBe('/usr/bin/google-chrome')
  })

  it('falls back to that of Playwright, and installs nothing', async () => {
    const { made, ran } = machine(['/cache/playwright/chrome'])
    expect(await findBrowser(made)).toBe('/cache/playwright/chrome')
    expect(await findBrowser(machine([]).made)).toBeUndefined()
    expect(ran).toEqual([])
  })
})

describe('ensureBrowser', () => {
  it("asks Playwright first, then Debian's package", async () => {
    vi.spyOn(console, 'log').mockReturnValue()
    const playwright = machine([], {}, { npx: '/cache/playwright/chrome' })
    expect(await ensureBrowser(playwright.made)).toBe('/cache/playwright/chrome')
    expect(playwright.ran).toEqual(['npx --no-install playwright install chromium'])

    const debian = machine([], {}, { 'apt-get': '/usr/bin/chromium' })
    expect(await ensureBrowser(debian.made)).toBe('/usr/bin/chromium')
    expect(debian.ran.at(-1)).toBe('apt-get install -y -q chromium')
  })

  it('touches no system packages without the right to, and ends in a sentence', async () => {
    vi.spyOn(console, 'log').mockReturnValue()
    const { made, ran } = machine([], { root: false })
    await expect(ensureBrowser(made)).rejects.toThrow('install one, or name it in INNERSCOPE_CHROMIUM')
    expect(ran.join()).not.toContain('apt-get')
  })
})

describe('candidates', () => {
  it('knows the usual places of other systems', () => {
    expect(candidates(machine([], { platform: 'darwin', env: {} }).made)[0]).toContain('Chromium.app')
    const windows = candidates(machine([], { platform: 'win32', env: { PROGRAMFILES: 'C:\\Programs' } }).made)
    expect(windows[0]).toContain('chrome.exe')
  })
})

describe('launchArgs', () => {
  it('drops the sandbox only where Chromium would not start with it', () => {
    expect(launchArgs({ platform: 'linux', root: true })).toContain('--no-sandbox')
    expect(launchArgs({ platform: 'linux', root: false })).not.toContain('--no-sandbox')
    expect(launchArgs({ platform: 'darwin', root: true })).not.toContain('--no-sandbox')
  })
})
