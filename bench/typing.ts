// Typing in the real page: from a key to the heatmap that it made, and the longest task of the main thread meanwhile.

import type { Browser, Page } from '@playwright/test'
import { installPageWatch } from './page-watch.ts'
import { installTypingProbe, type Keystroke, type LongTask } from './typing-probe.ts'

export interface TypingTimes {
  /** Milliseconds from the key to the frame after its heatmap, one a measured key. */
  readonly latencies: readonly number[]
  /** Milliseconds of every task beyond 50 ms while typing, the longest first. */
  readonly longTasks: readonly number[]
  /** Rows of the drawn heatmaps: fewest and most. */
  readonly tokens: readonly [number, number]
}

export interface TypingPlan {
  readonly sentences: number
  /** Milliseconds between two keys. */
  readonly pace: number
}

/** Ever new beginnings: a text that was seen before would come from the engine's cache. */
const NAMES = [
  'Anna',
  'Ben',
  'Carla',
  'David',
  'Emma',
  'Frank',
  'Grace',
  'Henry',
  'Ida',
  'Jack',
  'Kate',
  'Leo',
  'Mary',
  'Nick',
  'Olga',
  'Paul',
]
const MIDDLE = 'said the story is slow at first, but the acting is very good, the music is lovely, and I left the cinema with'
const TYPED = ' a big happy smile'
/** Longer than the pause after which the page puts a text into its history: that work is part of typing. */
const PAUSE_MS = 1500
const PATIENCE_MS = 60_000

/** @param url the site, served without isolation headers: the engine then has one thread */
export async function measureTyping(browser: Browser, url: string, { sentences, pace }: TypingPlan): Promise<TypingTimes> {
  // The service worker would isolate the page and give it threads.
  const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 900 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(installPageWatch)
    await page.addInitScript(installTypingProbe)
    await page.goto(`${url}#be=wasm&v=attention`)
    if (await page.evaluate(() => crossOriginIsolated)) throw new Error('the page is isolated: its engine may have several threads')
    // Two sentences unmeasured: the model arrives, and WebAssembly is optimised while it runs.
    const warm = 2
    const keys: Keystroke[] = []
    const tasks: LongTask[] = []
    for (let sentence = 0; sentence < sentences + warm; sentence++) {
      const before = await page.evaluate(() => window.typingProbe.keys.length)
      await typeSentence(page, sentence, pace)
      const probe = await page.evaluate(() => window.typingProbe)
      if (sentence < warm) continue
      const typed = probe.keys.slice(before)
      keys.push(...typed)
      tasks.push(...probe.longTasks.filter(({ start, duration }) => start + duration > (typed[0]?.pressed ?? Number.POSITIVE_INFINITY)))
    }
    return summary(keys, tasks)
  } finally {
    await context.close()
  }
}

async function typeSentence(page: Page, index: number, pace: number): Promise<void> {
  const field = page.getByRole('textbox').first()
  await field.fill(`${NAMES[index % NAMES.length]}${index < NAMES.length ? '' : index} ${MIDDLE}`)
  await field.press('End')
  await shownText(page, await field.inputValue())
  await page.waitForTimeout(PAUSE_MS)
  for (const character of TYPED) {
    const start = performance.now()
    await page.keyboard.press(character === ' ' ? 'Space' : character)
    await page.waitForTimeout(Math.max(0, pace - (performance.now() - start)))
  }
  await shownText(page, await field.inputValue())
  await page.waitForTimeout(PAUSE_MS)
}

/** Waits until the page shows the tokens of a text, and the frame after. */
async function shownText(page: Page, text: string): Promise<void> {
  await page
    .waitForFunction((wanted) => window.typingProbe.shown === wanted, text.replace(/\s/g, ''), { timeout: PATIENCE_MS })
    .catch((cause) => {
      throw new Error('the page did not show the heatmap of the typed text', { cause })
    })
}

/** White space alone makes no new token: its keys are typed, but not timed. */
function summary(keys: readonly Keystroke[], tasks: readonly LongTask[]): TypingTimes {
  const timed = keys.filter(({ text }) => !/\s$/.test(text))
  const latencies = timed.map(({ pressed, drawn }) => {
    if (drawn === null) throw new Error('a key was never drawn')
    return drawn - pressed
  })
  const tokens = timed.map((key) => key.tokens)
  const longTasks = [...new Map(tasks.map((task) => [task.start, task.duration])).values()].sort((one, other) => other - one)
  return { latencies, longTasks, tokens: [Math.min(...tokens), Math.max(...tokens)] }
}
