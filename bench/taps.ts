// What taps cost: the instrumented session against the same weights without taps, and against the file as it was shipped.

import type { Browser } from '@playwright/test'
import { PAGES } from './build-site.ts'
import type { Contestant } from './pages/taps-page.ts'
import type { Variant } from './variants.ts'

export interface TapTimes {
  readonly variant: Variant
  /** Tokens that were asked for, and those that there were: a model may take fewer. */
  readonly asked: number
  readonly tokens: number
  /** Milliseconds of each round. */
  readonly times: Readonly<Record<Contestant, readonly number[]>>
}

export interface TapPlan {
  /** Long enough for the largest length. */
  readonly text: string
  readonly lengths: readonly number[]
  readonly warmUpMs: number
  /** A length gets this many rounds at least and at most, and between them as many as take this long. */
  readonly rounds: readonly [number, number]
  readonly budgetMs: number
}

/**
 * One page for each form of each model, in which its three contestants take turns: more sessions than three of one model do not fit
 * into the memory that WebAssembly has.
 * @param url the site, served with isolation headers: timers are precise then; threads are set to one all the same
 */
export async function measureTaps(
  browser: Browser,
  url: string,
  variants: readonly Variant[],
  plan: TapPlan,
): Promise<readonly TapTimes[]> {
  const all: TapTimes[] = []
  for (const variant of variants) all.push(...(await measureVariant(browser, url, variant, plan)))
  return all
}

async function measureVariant(browser: Browser, url: string, variant: Variant, plan: TapPlan): Promise<readonly TapTimes[]> {
  const { text, lengths, warmUpMs, budgetMs } = plan
  const [fewest, most] = plan.rounds
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`taps page: ${error.message}`))
  try {
    await page.goto(`${url}${PAGES}/taps.html`)
    const { id, weights } = variant
    const tokens = await page.evaluate((request) => window.tapsBench.open(request), { id, weights, text, lengths, warmUpMs })
    const measured: TapTimes[] = []
    for (const [place, asked] of lengths.entries()) {
      const times: Record<Contestant, number[]> = { tapped: [], untapped: [], shipped: [] }
      const began = performance.now()
      for (let round = 0; round < most && (round < fewest || performance.now() - began < budgetMs); round++) {
        const taken = await page.evaluate(([at, turn]) => window.tapsBench.round(at, turn), [place, round] as const)
        times.tapped.push(taken.tapped)
        times.untapped.push(taken.untapped)
        times.shipped.push(taken.shipped)
      }
      measured.push({ variant, asked, tokens: tokens[place] ?? asked, times })
    }
    return measured
  } finally {
    await page.close()
  }
}
