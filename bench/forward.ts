// Forward passes: our instrumented session against the same model unmodified in onnxruntime-web and in transformers.js.

import type { Browser } from '@playwright/test'
import { PAGES } from './build-site.ts'

/** Milliseconds of each round by contender and number of tokens. */
export type ForwardTimes = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

export interface ForwardPlan {
  readonly texts: Readonly<Record<string, string>>
  readonly rounds: number
  readonly warmUpMs: number
}

/** @param url the site, served with isolation headers: timers are precise then; threads are set to one all the same */
export async function measureForward(browser: Browser, url: string, { texts, rounds, warmUpMs }: ForwardPlan): Promise<ForwardTimes> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`forward page: ${error.message}`))
  try {
    await page.goto(`${url}${PAGES}/forward.html`)
    const isolated = await page.evaluate(() => crossOriginIsolated)
    if (!isolated) throw new Error('the page is not isolated: its timers are too coarse')
    const ids = await page.evaluate(([all, ms]) => window.forwardBench.open(all, ms), [texts, warmUpMs] as const)
    const times = Object.fromEntries(
      ids.map((id) => [id, Object.fromEntries(Object.keys(texts).map((tokens): [string, number[]] => [tokens, []]))]),
    )
    for (let round = 0; round < rounds; round++) {
      for (const tokens of Object.keys(texts)) {
        const taken = await page.evaluate(([length, at]) => window.forwardBench.round(length, at), [tokens, round] as const)
        for (const [id, ms] of Object.entries(taken)) times[id]?.[tokens]?.push(ms)
      }
    }
    return times
  } finally {
    await page.close()
  }
}
