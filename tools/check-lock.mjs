// check:lock: the lock file names no host but the public registry, so that an install works everywhere; one onnxruntime-web.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * @param {{ packages: Record<string, { resolved?: string }> }} lock
 * @returns {string[]} sentences; none when all is well
 */
export function lockProblems({ packages }) {
  const foreign = Object.entries(packages).filter(([, { resolved }]) => resolved && !resolved.startsWith('https://registry.npmjs.org/'))
  const runtimes = Object.keys(packages).filter((path) => path.endsWith('node_modules/onnxruntime-web'))
  return [
    ...foreign.map(([path, { resolved }]) => `package-lock.json: ${path} comes from ${resolved}, not from the public registry.`),
    ...(runtimes.length === 1 ? [] : [`package-lock.json holds ${runtimes.length} copies of onnxruntime-web, not one.`]),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = lockProblems(JSON.parse(readFileSync(resolve(import.meta.dirname, '../package-lock.json'), 'utf8')))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
