// npm test, and with --full npm run test:full: install what is missing; all else is TypeScript, and loaded only then.
// With names of stages it runs only those (node tools/test.mjs check:types test:unit).
import { resolve } from 'node:path'
import { ensureInstalled } from '../install.mjs'
import { addUp, lastLine } from './count.mjs'

const root = resolve(import.meta.dirname, '../..')
process.chdir(root)
const counts = await run(process.argv.slice(2))
const sum = addUp(counts)
console.log(lastLine(sum))
process.exitCode = sum.failed > 0 ? 1 : 0

/**
 * @param {readonly string[]} args
 * @returns {Promise<readonly import('./count.mjs').Count[]>}
 */
async function run(args) {
  try {
    ensureInstalled(root)
    const { loadTs } = await import('../load-ts.mjs')
    /** @type {typeof import('./run-asked.ts')} */
    const { runAsked } = await loadTs('tools/test/run-asked.ts')
    return await runAsked(root, args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return [{ passed: 0, failed: 1 }]
  }
}
