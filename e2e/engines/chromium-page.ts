// Chromium by Playwright, as a page like the others: what they are compared with.
import { chromium, type Page } from '@playwright/test'
import { launchArgs, withoutFeatures } from '../../tools/find-browser.ts'
import { type EnginePage, findInPage, plain, type Target, until } from './engine-page.ts'

/** @param options `scale`: pixels of the screen for a CSS pixel */
export async function openChromium(
  executablePath: string | undefined,
  viewport: { width: number; height: number },
  { scale = 1 }: { readonly scale?: number } = {},
): Promise<EnginePage> {
  const args = [...launchArgs(), withoutFeatures('WebGPU'), '--disable-gpu']
  const browser = await chromium.launch({ args, ...(executablePath === undefined ? {} : { executablePath }) })
  const page: Page = await browser.newPage({ viewport, locale: 'en-US', deviceScaleFactor: scale, reducedMotion: 'reduce' })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  const element = (target: Target) =>
    until(`${target.css} "${target.name ?? ''}"`, async () => (await page.evaluateHandle(findInPage, plain(target))).asElement())
  return {
    version: `Chromium/${browser.version()}`,
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    resize: (size) => page.setViewportSize(size),
    evaluate: (run, argument) => page.evaluate(run as never, argument) as never,
    click: async (target) => (await element(target)).click(),
    type: async (target, text) => (await element(target)).fill(text),
    screenshot: () => page.screenshot(),
    browserErrors: () => errors,
    close: () => browser.close(),
  }
}
