// npm test, and with --full npm run test:full: install what is missing, find a browser, run every stage, add up.
// With names of stages it runs only those (node tools/test.mjs check:types test:unit).
import { resolve } from 'node:path'
import { ensureInstalled } from '../install.mjs'
import { addUp, lastLine } from './count.mjs'
import { runStages } from './run-stages.mjs'
import { FULL_STAGES, STAGES } from './stages.mjs'

const root = resolve(import.meta.dirname, '../..')
process.chdir(root)
const asked = process.argv.slice(2)
const all = asked.includes('--full') ? FULL_STAGES : STAGES
const names = asked.filter((name) => !name.startsWith('--'))
const unknown = names.filter((name) => all.every((stage) => stage.name !== name))

if (unknown.length > 0) {
  console.error(`No such stage: ${unknown.join(', ')}. There are ${all.map((stage) => stage.name).join(', ')}.`)
  process.exitCode = 1
} else {
  const { counts, remarks } = await run(names.length > 0 ? all.filter((stage) => names.includes(stage.name)) : all)
  for (const remark of remarks) console.log(remark)
  const sum = addUp(counts)
  console.log(lastLine(sum))
  process.exitCode = sum.failed > 0 ? 1 : 0
}

/**
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @returns {Promise<{ counts: import('./count.mjs').Count[], remarks: readonly string[] }>} what stages counted, and what the summary adds
 */
async function run(stages) {
  try {
    ensureInstalled(root)
  } catch (error) {
    console.error(messageOf(error))
    return { counts: [{ passed: 0, failed: 1 }], remarks: [] }
  }
  const { browser, noBrowser } = stages.some((stage) => stage.needsBrowser) ? await browserFor() : {}
  const { env, lines, failed } = stages.some(({ kind }) => kind === 'playwright') ? await enginesFor() : { env: {}, lines: [], failed: 0 }
  const counts = await runStages(stages, { root, env: { ...env, ...(browser ? { INNERSCOPE_CHROMIUM: browser } : {}) }, noBrowser })
  return { counts: failed > 0 ? [...counts, { passed: 0, failed }] : counts, remarks: lines }
}

/** Programs of the other engines, and what the summary says of those that cannot be had. */
async function enginesFor() {
  const { loadTs } = await import('../load-ts.mjs')
  /** @type {typeof import('../find-engines.ts')} */
  const { ensureEngines, tellMissing } = await loadTs('tools/find-engines.ts')
  try {
    const { env, missing } = ensureEngines()
    return { env, ...tellMissing(missing, Boolean(process.env.CI)) }
  } catch (error) {
    return { env: {}, lines: [`FAIL engines: ${messageOf(error)}`], failed: 1 }
  }
}

/** @returns {Promise<{ browser?: string, noBrowser?: string }>} */
async function browserFor() {
  // Loaded only now: what loads it, and Playwright, which it asks, may just have been installed.
  const { loadTs } = await import('../load-ts.mjs')
  /** @type {typeof import('../find-browser.ts')} */
  const { ensureBrowser } = await loadTs('tools/find-browser.ts')
  try {
    return { browser: await ensureBrowser() }
  } catch (error) {
    return { noBrowser: messageOf(error) }
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
