// Visits to the real page: from the start of the navigation to the first answer of the model, with nothing kept and with all kept.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { visit } from './browser.ts'
import { installLoadProbe } from './load-probe.ts'

export interface Visit {
  readonly id: string
  readonly kept: boolean
  /** Milliseconds until the example that was computed beforehand stood on the page; null where there is none. */
  readonly example: number | null
  /** Milliseconds until the model's own answer stood there. */
  readonly live: number
  /** What ran it, in the page's words. */
  readonly backend: string
}

const PATIENCE_MS = 120_000

/**
 * Every visit has a browser of its own that was just started; the second visit of a round gets what the first one left on the disk.
 * @param url the site as readers get it, with isolation headers
 */
export async function measureLoads(executable: string, url: string, ids: readonly string[], rounds: number): Promise<readonly Visit[]> {
  const visits: Visit[] = []
  for (let round = 0; round < rounds; round++) {
    for (const id of ids) {
      const profile = mkdtempSync(join(tmpdir(), 'innerscope-bench-'))
      try {
        visits.push(await visitOnce(executable, profile, url, id, false))
        visits.push(await visitOnce(executable, profile, url, id, true))
      } finally {
        rmSync(profile, { recursive: true, force: true })
      }
    }
  }
  return visits
}

async function visitOnce(executable: string, profile: string, url: string, id: string, kept: boolean): Promise<Visit> {
  const context = await visit(executable, profile)
  try {
    const page = await context.newPage()
    await page.addInitScript(installLoadProbe)
    const fetched: string[] = []
    context.on('requestfinished', (request) => fetched.push(request.url()))
    await page.goto(`${url}#m=${id}`)
    await page.waitForFunction(() => window.loadProbe.live !== null, undefined, { timeout: PATIENCE_MS })
    const { example, live } = await page.evaluate(() => window.loadProbe)
    if (live === null) throw new Error('the model never answered')
    // What the next visit finds must be complete.
    await page.evaluate(() => navigator.serviceWorker.ready)
    const model = fetched.filter((address) => /\/models\/.*\.onnx/.test(address))
    if (kept === model.length > 0) throw new Error(`${id}: ${model.length} requests for the model where it is ${kept ? '' : 'not '}kept`)
    const backend =
      (await page
        .getByRole('banner')
        .getByRole('button', { name: /WASM|WebGPU/ })
        .textContent()) ?? ''
    return { id, kept, example, live, backend }
  } finally {
    await context.close()
  }
}
