// Graph surgery in a worker of the browser: how long it takes, how small the new graph is, and what is new in it.

import type { Browser } from '@playwright/test'
import { PAGES } from './build-site.ts'
import type { Operation } from './pages/surgery-worker.ts'

export interface Surgery {
  readonly id: string
  readonly operations: readonly Operation[]
}

/** @param url the site, served with isolation headers: timers are precise then */
export async function measureSurgery(browser: Browser, url: string, ids: readonly string[], rounds: number): Promise<readonly Surgery[]> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`surgery page: ${error.message}`))
  try {
    await page.goto(`${url}${PAGES}/surgery.html`)
    const operations = ids.map((): Operation[] => [])
    for (let round = 0; round < rounds; round++) {
      for (const [place, id] of ids.entries()) operations[place]?.push(await page.evaluate((name) => window.operate(name), id))
    }
    return ids.map((id, place) => ({ id, operations: operations[place] ?? [] }))
  } finally {
    await page.close()
  }
}
