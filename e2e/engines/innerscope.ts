// Innerscope in any engine, as a reader sees it; and the fixtures of its journeys.
import { writeFile } from 'node:fs/promises'
import { test as base, expect } from '@playwright/test'
import { words } from '../../src/i18n/en/words.ts'
import { numberOf } from '../pages/innerscope-page.ts'
import { type EnginePage, until } from './engine-page.ts'
import { openFirefox } from './firefox-page.ts'
import { errorsInPage, type JourneyHost, startJourneyHost } from './journey-host.ts'
import { openWebKit } from './webkit-page.ts'

const VIEWPORT = { width: 1366, height: 900 }
/** A model of 24 MB, perhaps with its gradients, on a busy machine. */
const LIVE_MS = 150_000

export interface EngineOptions {
  readonly engine: 'firefox' | 'webkit'
}

interface EngineFixtures extends EngineOptions {
  readonly host: JourneyHost
  /** One browser with one page, for all journeys of a file: starting it and the model takes longest. */
  readonly journey: EnginePage
}

export const test = base.extend<object, EngineFixtures>({
  engine: ['firefox', { option: true, scope: 'worker' }],
  host: [
    // biome-ignore lint/correctness/noEmptyPattern: what a fixture needs is read from its first argument
    async ({}, use) => {
      const host = await startJourneyHost()
      await use(host)
      await host.close()
    },
    { scope: 'worker' },
  ],
  journey: [
    async ({ engine }, use) => {
      const { INNERSCOPE_FIREFOX: firefox = '', INNERSCOPE_WEBKIT: webkit = '' } = process.env
      const page = await (engine === 'firefox' ? openFirefox(firefox, VIEWPORT) : openWebKit(webkit, VIEWPORT))
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
})

test.afterEach(async ({ journey }, testInfo) => {
  if (testInfo.status === testInfo.expectedStatus) return
  const screen = testInfo.outputPath('screen.png')
  await writeFile(screen, await journey.screenshot())
  await testInfo.attach('screen', { path: screen })
  const told = [...(await journey.evaluate(errorsInPage, null)), ...journey.browserErrors()]
  await testInfo.attach('errors', { body: told.join('\n'), contentType: 'text/plain' })
})

/** Waits until the model runs and what stands on the page is its answer. */
export async function live(page: EnginePage): Promise<void> {
  await until('a live page', () => page.evaluate(isLive, words.input.precomputed), LIVE_MS)
}

function isLive(precomputed: string): boolean {
  const bar = document.querySelector('header')?.textContent ?? ''
  const busy = document.querySelector('[aria-busy="true"]') !== null
  return /Ready|就绪/.test(bar) && !busy && !(document.body.textContent ?? '').includes(precomputed)
}

/** Waits until no side is running; a run begins with what was typed. */
export async function settled(page: EnginePage): Promise<void> {
  await until('an answer', () => page.evaluate(() => document.querySelector('[aria-busy="true"]') === null, null), LIVE_MS)
}

/** Waits until the model whose button in the bar matches answers. */
export async function openedIn(page: EnginePage, model: RegExp, ms = LIVE_MS): Promise<void> {
  await until(
    `the model ${model}`,
    () =>
      page.evaluate(
        (source) =>
          Array.from(document.querySelectorAll('header button')).some(({ textContent }) => new RegExp(source).test(textContent.trim())),
        model.source,
      ),
    ms,
  )
  await settled(page)
}

function field(side?: 'A' | 'B') {
  return { css: 'textarea', name: side === undefined ? words.input.sentence : side === 'A' ? words.input.sentenceA : words.input.sentenceB }
}

export const radio = (name: string) => ({ css: '[role="radio"], label:has(> input[type="radio"])', name })
export const button = (name: string | RegExp) => ({ css: 'button', name })

/** What the page shows, whatever its language. */
export function shown(page: EnginePage) {
  return page.evaluate(shownInPage, null)
}

function shownInPage() {
  const all = <Kind extends Element>(selector: string, read: (node: Kind) => string): readonly string[] =>
    Array.from(document.querySelectorAll<Kind>(selector), read)
  const text = (node: Element): string => (node.textContent ?? '').trim()
  return {
    language: document.documentElement.lang,
    fields: all<HTMLTextAreaElement>('textarea', ({ value }) => value),
    tokens: all('[role="toolbar"] [role="button"]', (node) =>
      (node.getAttribute('aria-label') ?? '').replace(/, [+−]?[\d.,]+(\s?%)?$/, ''),
    ),
    ghosts: all('del', text),
    choices: all('[role="radio"][aria-checked="true"]', text),
    /** Of predictions and charts. */
    numbers: all('td', text),
  }
}

/** The probability of the positive class of a side, counted from 0. */
export async function positive(page: EnginePage, side = 0): Promise<number> {
  const texts = await page.evaluate(() => {
    const tables = Array.from(document.querySelectorAll('table')).filter((table) => /Probability|概率/.test(table.tHead?.textContent ?? ''))
    // On one line both sides have one table.
    return tables.flatMap((table) => Array.from(table.querySelectorAll('tbody tr:nth-child(2) td'), (cell) => cell.textContent ?? ''))
  }, null)
  return numberOf(texts[side])
}

/** Types a text and waits until its answer is there. */
export async function typeAndWait(page: EnginePage, text: string, side?: 'A' | 'B'): Promise<void> {
  await page.type(field(side), text)
  const words = text.replace(/[^A-Za-z]/g, '')
  await until(`tokens of ${text}`, async () => (await shown(page)).tokens.join('').includes(words.slice(0, 4)))
  await settled(page)
}

export { expect }
