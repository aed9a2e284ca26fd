// Drawing times of our charts, each in a fresh page, and of BertViz in between.

import type { Browser } from '@playwright/test'
import type { BertViz, BertVizDrawing } from './bertviz.ts'
import { PAGES } from './build-site.ts'
import { CHARTS, type ChartName } from './charts.ts'
import type { DrawTimes } from './pages/draw-page.ts'

export interface Drawn extends DrawTimes {
  readonly chart: ChartName
  readonly tokens: number
}

export interface DrawingTimes {
  readonly ours: readonly Drawn[]
  readonly bertviz: readonly BertVizDrawing[]
}

export interface DrawingPlan {
  readonly tokens: readonly number[]
  readonly rounds: number
  readonly redraws: number
}

/** Beyond this BertViz takes minutes a round; it draws 128 tokens once, as it takes nearly a minute. */
const BERTVIZ_LARGEST = 64
const BERTVIZ_ONCE = 128

/** @param url the site, served with isolation headers: timers are precise then */
export async function measureDrawing(browser: Browser, url: string, plan: DrawingPlan, bertviz: BertViz | null): Promise<DrawingTimes> {
  const ours: Drawn[] = []
  const theirs: BertVizDrawing[] = []
  for (let round = 0; round < plan.rounds; round++) {
    for (const tokens of plan.tokens) {
      for (const chart of CHARTS) ours.push({ chart, tokens, ...(await drawOnce(browser, url, chart, tokens, plan.redraws)) })
      if (bertviz && (tokens <= BERTVIZ_LARGEST || (tokens === BERTVIZ_ONCE && round === 0 && plan.rounds > 1)))
        theirs.push(...(await bertviz.draw(tokens)))
    }
  }
  return { ours, bertviz: theirs }
}

async function drawOnce(browser: Browser, url: string, chart: ChartName, tokens: number, redraws: number): Promise<DrawTimes> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
  page.on('pageerror', (error) => console.error(`drawing page: ${error.message}`))
  try {
    await page.goto(`${url}${PAGES}/draw.html?chart=${chart}&tokens=${tokens}&redraws=${redraws}`)
    return await page.evaluate(() => window.drawBench)
  } finally {
    await page.close()
  }
}
