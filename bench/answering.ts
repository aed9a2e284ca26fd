// How soon the page says why, after a key: its tinted sentence, the headline's first answer and its settled one; every method is on,
// and the page is watched for long tasks and for what moves.

import type { Browser } from '@playwright/test'
import { type Answered, installAnswerProbe, type Moved } from './answer-probe.ts'
import { installPageWatch } from './page-watch.ts'

export interface AnsweringTimes {
  /** Milliseconds behind the answer's own frame (prediction and tokens), one a key: the first words have their tint. */
  readonly tinted: readonly number[]
  /** And all of them. */
  readonly allTinted: readonly number[]
  /** Milliseconds behind that frame: the headline's first answer. */
  readonly first: readonly number[]
  /** Milliseconds from the key: the headline says nothing else any more. */
  readonly settled: readonly number[]
  /** Milliseconds of every task beyond 50 ms while typing on with every method, the longest first. */
  readonly longTasks: readonly number[]
  /** Sum of layout shifts while typing, as Chromium counts them. */
  readonly shift: number
  readonly tokens: number
}

export interface AnsweringPlan {
  readonly keys: number
  /** Milliseconds between two keys of what is typed in one go. */
  readonly pace: number
}

/** 31 tokens with those that the tokenizer adds; a letter more is another last word. */
const START = 'Anna said the story is slow at first, but the acting is very good, the music is lovely, and I left the cinema with a b'
/** Typed on with every method: what is added stays within the line, so that nothing below moves for it. */
const START_OF_MANY = 'Anna said the story is slow at first, but the acting is very good, the music is so '
const LETTERS = 'igsmalodeyntruhcfwpkvbq'
/** Beside other work on the machine the first start takes minutes. */
const SETTLED_MS = 180_000
const PAUSE_MS = 1500
/** Until methods that take hundreds of passes are under way. */
const METHODS_MS = 5000

/** @param url the site, served without isolation headers: the engine then has one thread @param methods all of the page */
export async function measureAnswering(
  browser: Browser,
  url: string,
  methods: readonly string[],
  { keys, pace }: AnsweringPlan,
): Promise<AnsweringTimes> {
  const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1366, height: 768 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(installPageWatch)
    await page.addInitScript(installAnswerProbe)
    await page.goto(`${url}#be=wasm&v=attribution&a=${encodeURIComponent(START)}`)
    const field = page.getByRole('textbox').first()
    const settle = () => page.waitForFunction(() => window.answerProbe.isSettled(), null, { timeout: SETTLED_MS })
    await settle()
    // Two keys unmeasured: WebAssembly is optimised while it runs.
    const warm = 2
    for (let key = 0; key < keys + warm; key++) {
      await field.fill(START)
      await settle()
      await page.waitForTimeout(PAUSE_MS)
      if (key < warm) await page.evaluate(() => void window.answerProbe.keys.splice(0))
      await field.press('End')
      await page.keyboard.type(`${LETTERS[key % LETTERS.length]}${LETTERS[Math.floor(key / LETTERS.length)]}`)
      await settle()
    }
    const measured: readonly Answered[] = await page.evaluate(() => window.answerProbe.keys)
    await page.evaluate(
      (hash) => {
        location.hash = hash
      },
      `be=wasm&v=attribution&am=${methods.join('_')}&a=${encodeURIComponent(START_OF_MANY)}`,
    )
    await settle()
    await page.waitForTimeout(METHODS_MS)
    // One word unmeasured, as above.
    await field.press('End')
    for (const letter of 'ok, ') await page.keyboard.press(letter === ' ' ? 'Space' : letter, { delay: pace })
    await page.waitForTimeout(PAUSE_MS)
    await page.evaluate(() => window.answerProbe.forgetMoves())
    for (const letter of LETTERS) {
      await page.keyboard.press(letter)
      await page.waitForTimeout(pace)
    }
    const moved: Moved = await page.evaluate(() => window.answerProbe.moved)
    return summary(measured, moved)
  } finally {
    await context.close()
  }
}

function summary(keys: readonly Answered[], { longTasks, shift }: Moved): AnsweringTimes {
  const whole = keys.flatMap(({ pressed, answered, tinted, allTinted, first, settled, tokens }) =>
    answered === null || tinted === null || allTinted === null || first === null || settled === null
      ? []
      : [{ pressed, answered, tinted, allTinted, first, settled, tokens }],
  )
  if (whole.length === 0) throw new Error('the page never marked a tinted sentence and a settled headline')
  return {
    tinted: whole.map(({ tinted, answered }) => tinted - answered),
    allTinted: whole.map(({ allTinted, answered }) => allTinted - answered),
    first: whole.map(({ first, answered }) => first - answered),
    settled: whole.map(({ settled, pressed }) => settled - pressed),
    longTasks: longTasks.toSorted((one, other) => other - one),
    shift,
    tokens: Math.max(...whole.map(({ tokens }) => tokens)),
  }
}
