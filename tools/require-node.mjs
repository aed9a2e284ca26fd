// Kept to syntax that Nodes far too old can read: they must get to the sentence.
import { readFileSync } from 'node:fs'

/**
 * A sentence when the running Node is older than package.json asks, undefined when it will do.
 * @param {string} [running] such as 20.19.0
 * @returns {string | undefined}
 */
export function nodeProblem(running = process.versions.node) {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const needed = manifest.engines.node.replace('>=', '')
  return isOlder(running, needed) ? `Innerscope needs Node ${needed} or newer; this is Node ${running}.` : undefined
}

/**
 * Loads a program where this Node will do: only then, since an old Node could not read it.
 * @param {() => Promise<unknown>} load
 */
export function withNode(load) {
  const problem = nodeProblem()
  if (problem) {
    console.error(problem)
    process.exitCode = 1
    return
  }
  load().catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
}

/**
 * @param {string} version
 * @param {string} than
 */
function isOlder(version, than) {
  const [major, minor, patch] = version.split('.').map(Number)
  const [needsMajor, needsMinor, needsPatch] = than.split('.').map(Number)
  if (major !== needsMajor) return Number(major) < Number(needsMajor)
  if (minor !== needsMinor) return Number(minor) < Number(needsMinor)
  return Number(patch) < Number(needsPatch)
}
