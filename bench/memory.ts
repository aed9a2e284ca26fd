// Memory while a model is loaded in the real page: the peak of the page's process above what it held before.

import type { Browser } from '@playwright/test'
import { installLoadProbe } from './load-probe.ts'
import { countsMemory, growth, renderersOf } from './resident.ts'
import type { Variant } from './variants.ts'

export interface MemoryPeak {
  readonly variant: Variant
  /** Bytes, one a round. */
  readonly peaks: readonly number[]
}

/** A link that names files of another device: the page stands, asks for them, and loads nothing. */
const NOTHING_LOADED = 'm=local|none|none.onnx&be=wasm'
/** Until the page without a model has come to rest. */
const REST_MS = 1500
const PATIENCE_MS = 120_000

/**
 * @param url the site, served without isolation headers: the engine then has one thread
 * @returns null where the system does not tell
 */
export async function measureMemory(
  browser: Browser,
  url: string,
  variants: readonly Variant[],
  rounds: number,
): Promise<readonly MemoryPeak[] | null> {
  if (!countsMemory()) {
    console.log('Memory is not measured: this system has no /proc')
    return null
  }
  const peaks = variants.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [place, variant] of variants.entries()) peaks[place]?.push(await loadOnce(browser, url, variant))
  }
  return variants.map((variant, place) => ({ variant, peaks: peaks[place] ?? [] }))
}

/** A process of its own that has loaded nothing yet, with empty caches. */
async function loadOnce(browser: Browser, url: string, { id, weights }: Variant): Promise<number> {
  // The service worker would reload the page.
  const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(installLoadProbe)
    await page.goto(`${url}#${NOTHING_LOADED}`)
    await page.locator('.status-dot.is-asking').waitFor()
    await page.waitForTimeout(REST_MS)
    const before = await renderersOf(browser)
    await page.evaluate((link) => location.replace(`#${link}`), `m=${id}&w=${weights}&be=wasm`)
    await page.waitForFunction(() => window.loadProbe.live !== null, undefined, { timeout: PATIENCE_MS })
    return growth(before, await renderersOf(browser))
  } finally {
    await context.close()
  }
}
