// check:lock: the lock file names no host but the public registry, every platform's packages, and one onnxruntime-web.
// With --write it puts the entries of missing platforms back.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { completePlatforms, missingPlatforms } from './lock/platforms.mjs'

/**
 * @param {{ packages: import('./lock/platforms.mjs').Packages }} lock
 * @returns {string[]} sentences; none when all is well
 */
export function lockProblems({ packages }) {
  const foreign = Object.entries(packages).filter(([, { resolved }]) => resolved && !resolved.startsWith('https://registry.npmjs.org/'))
  const runtimes = Object.keys(packages).filter((path) => path.endsWith('node_modules/onnxruntime-web'))
  const missing = missingPlatforms(packages).map(({ name }) => name)
  return [
    ...foreign.map(([path, { resolved }]) => `package-lock.json: ${path} comes from ${resolved}, not from the public registry.`),
    ...(missing.length === 0
      ? []
      : [`package-lock.json lacks ${missing.join(', ')}, so npm ci refuses it: run node tools/check-lock.mjs --write`]),
    ...(runtimes.length === 1 ? [] : [`package-lock.json holds ${runtimes.length} copies of onnxruntime-web, not one.`]),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = resolve(import.meta.dirname, '../package-lock.json')
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  if (process.argv.includes('--write')) {
    lock.packages = completePlatforms(lock.packages)
    writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`)
  }
  const problems = lockProblems(lock)
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
