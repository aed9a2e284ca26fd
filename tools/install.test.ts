import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lockProblems } from './check-lock.mjs'
import { isInstalled } from './install.mjs'
import { nodeProblem } from './require-node.mjs'
import { shouldOpen } from './start/open-browser.ts'

describe('isInstalled', () => {
  const wanted = {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/mac-only': { version: '1.0.0', optional: true },
  }

  it('is content without the packages of other machines', () => {
    expect(isInstalled(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(true)
  })

  it.each([
    ['nothing is there', undefined],
    ['a package is missing', {}],
    ['a version differs', { 'node_modules/a': { version: '1.0.1' } }],
    ['an optional version differs', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/mac-only': { version: '2.0.0' } }],
    ['one is left over', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }],
  ])('sees that %s', (_what, present) => {
    expect(isInstalled(wanted, present)).toBe(false)
  })
})

describe('nodeProblem', () => {
  it.each(['20.19.0', '20.19.1', '20.20.0', '22.0.0', '100.0.0'])('accepts %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined()
  })

  it.each(['20.18.3', '18.20.0', '8.0.0'])('refuses %s in one sentence that names both versions', (version) => {
    expect(nodeProblem(version)).toBe(`Innerscope needs Node 20.19.0 or newer; this is Node ${version}.`)
  })
})

describe('lockProblems', () => {
  const runtime = { 'node_modules/onnxruntime-web': {} }

  it('is content with our own lock file', () => {
    expect(lockProblems(JSON.parse(readFileSync('package-lock.json', 'utf8')))).toEqual([])
  })

  it('sees other hosts', () => {
    const packages = { ...runtime, 'node_modules/a': { resolved: 'https://mirror.example/a.tgz' } }
    expect(lockProblems({ packages })).toHaveLength(1)
    expect(lockProblems({ packages: { ...runtime, 'node_modules/a': { resolved: 'https://registry.npmjs.org/a.tgz' } } })).toEqual([])
    expect(
      lockProblems({ packages: { ...runtime, 'node_modules/a': { resolved: 'https://registry.npmjs.org.evil.example/a' } } }),
    ).toHaveLength(1)
  })

  it('sees that platforms are missing', () => {
    const packages = { ...runtime, 'node_modules/a': { optionalDependencies: { 'a-linux-x64': '1.0.0' } } }
    expect(lockProblems({ packages })[0]).toContain('a-linux-x64')
  })

  it('sees a second runtime, and a missing one', () => {
    expect(lockProblems({ packages: { ...runtime, 'node_modules/a/node_modules/onnxruntime-web': {} } })).toHaveLength(1)
    expect(lockProblems({ packages: {} })).toHaveLength(1)
  })
})

describe('shouldOpen', () => {
  it('opens a browser only where there is a reader in front of a display', () => {
    const here = { noOpen: false, env: { DISPLAY: ':0' }, platform: 'linux' } as const
    expect(shouldOpen(here)).toBe(true)
    expect(shouldOpen({ ...here, noOpen: true })).toBe(false)
    expect(shouldOpen({ ...here, env: {} })).toBe(false)
    expect(shouldOpen({ ...here, env: { DISPLAY: ':0', CI: 'true' } })).toBe(false)
    expect(shouldOpen({ ...here, env: {}, platform: 'darwin' })).toBe(true)
  })
})
