// Chromium by Playwright, as a page like the others: what they are compared with.
import { chromium, type Page } from '@playwright/test'
import { launchArgs } from '../../tools/find-browser.mjs'
import { type EnginePage, findInPage, plain, type Target, until } from './engine-page.ts'

export async function openChromium(executablePath: string | undefined, viewport: { width: number; height: number }): Promise<EnginePage> {
  const args = [...launchArgs(), '--disable-features=WebGPU', '--disable-gpu']
  const browser = await chromium.launch({ args, ...(executablePath === undefined ? {} : { executablePath }) })
  const page: Page = await browser.newPage({ viewport, locale: 'en-US' })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  const element = (target: Target) =>
    until(`${target.css} "${target.name ?? ''}"`, async () => (await page.evaluateHandle(findInPage, plain(target))).asElement())
  return {
    version: `Chromium/${browser.version()}`,
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    evaluate: (run, argument) => page.evaluate(run as never, argument) as never,
    click: async (target) => (await element(target)).click(),
    type: async (target, text) => (await element(target)).fill(text),
    screenshot: () => page.screenshot(),
    browserErrors: () => errors,
    close: () => browser.close(),
  }
}
