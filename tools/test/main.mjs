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
  const sum = addUp(await run(names.length > 0 ? all.filter((stage) => names.includes(stage.name)) : all))
  console.log(lastLine(sum))
  process.exitCode = sum.failed > 0 ? 1 : 0
}

/** @param {readonly import('./stages.mjs').Stage[]} stages */
async function run(stages) {
  try {
    ensureInstalled(root)
  } catch (error) {
    console.error(messageOf(error))
    return [{ passed: 0, failed: 1 }]
  }
  const { browser, noBrowser } = stages.some((stage) => stage.needsBrowser) ? await browserFor() : {}
  return runStages(stages, { root, env: browser ? { INNERSCOPE_CHROMIUM: browser } : {}, noBrowser })
}

/** @returns {Promise<{ browser?: string, noBrowser?: string }>} */
async function browserFor() {
  // Loaded only now: it asks Playwright, which may just have been installed.
  const { ensureBrowser } = await import('../find-browser.mjs')
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
