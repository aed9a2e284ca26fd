// Installs what is missing, from the lock file. Imports nothing that would have to be installed.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */

/**
 * Whether what npm says it put into node_modules is what the lock file asks for.
 * npm writes its record (node_modules/.package-lock.json) last, so an interrupted installation has none.
 * @param {Record<string, LockedPackage>} wanted `packages` of package-lock.json
 * @param {Record<string, LockedPackage> | undefined} present `packages` of npm's record
 * @returns {boolean}
 */
export function isInstalled(wanted, present) {
  if (present === undefined) return false
  const same = Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true
    const found = present[path]
    // An optional package may be for another machine.
    return found === undefined ? optional === true || devOptional === true : found.version === version
  })
  return same && Object.keys(present).every((path) => path in wanted)
}

/**
 * Runs `npm ci` unless everything is there already.
 * @param {string} root
 * @throws {Error} when npm failed
 */
export function ensureInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'))
  if (wanted === undefined) throw new Error('package-lock.json is missing or damaged.')
  if (isInstalled(wanted, readPackages(join(root, 'node_modules/.package-lock.json')))) return
  console.log('Installing what is missing (npm ci) ...')
  // NODE_ENV=production would leave the build tools away.
  const args = ['ci', '--include=dev', '--no-fund', '--no-audit']
  const npm = process.env.npm_execpath
  const run = spawnSync(npm?.endsWith('.js') ? process.execPath : 'npm', npm?.endsWith('.js') ? [npm, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: !npm?.endsWith('.js') && process.platform === 'win32',
  })
  if (run.status !== 0) throw new Error('npm ci failed: see above.')
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
