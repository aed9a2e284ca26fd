// Runs the stages that are asked for with the browsers that they need, and says which engines were not tried.

import { ensureBrowser } from '../find-browser.ts'
import { ensureEngines, tellMissing } from '../find-engines.ts'
import type { Count } from './count.mjs'
import { runStages } from './run-stages.ts'
import { FULL_STAGES, STAGES } from './stages.ts'

/**
 * @param args `--full` for the long stages, and names of those to run if not all
 * @throws Error where a name is no stage's
 */
export async function runAsked(root: string, args: readonly string[]): Promise<readonly Count[]> {
  const all = args.includes('--full') ? FULL_STAGES : STAGES
  const names = args.filter((name) => !name.startsWith('--'))
  const unknown = names.filter((name) => all.every((stage) => stage.name !== name))
  if (unknown.length > 0) throw new Error(`No such stage: ${unknown.join(', ')}. There are ${all.map(({ name }) => name).join(', ')}.`)
  const stages = names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all
  const { browser, noBrowser } = stages.some(({ needsBrowser }) => needsBrowser) ? await browserFor() : {}
  const { env, lines, failed } = stages.some(({ kind }) => kind === 'playwright') ? enginesFor() : { env: {}, lines: [], failed: 0 }
  const counts = await runStages(stages, { root, env: { ...env, ...(browser ? { INNERSCOPE_CHROMIUM: browser } : {}) }, noBrowser })
  for (const line of lines) console.log(line)
  return failed > 0 ? [...counts, { passed: 0, failed }] : counts
}

/** Programs of the other engines, and what the summary says of those that cannot be had. */
function enginesFor(): { readonly env: Readonly<Record<string, string>>; readonly lines: readonly string[]; readonly failed: number } {
  try {
    const { env, missing } = ensureEngines()
    return { env, ...tellMissing(missing, Boolean(process.env.CI)) }
  } catch (error) {
    return { env: {}, lines: [`FAIL engines: ${messageOf(error)}`], failed: 1 }
  }
}

async function browserFor(): Promise<{ readonly browser?: string; readonly noBrowser?: string }> {
  try {
    return { browser: await ensureBrowser() }
  } catch (error) {
    return { noBrowser: messageOf(error) }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
