// Firefox over WebDriver BiDi, by puppeteer-core.
import { type ElementHandle, launch } from 'puppeteer-core'
import { type EnginePage, findInPage, plain, type Target, until } from './engine-page.ts'

/** @param executablePath of an installed Firefox */
export async function openFirefox(executablePath: string, { width, height }: { width: number; height: number }): Promise<EnginePage> {
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width, height },
    extraPrefsFirefox: { 'intl.accept_languages': 'en', 'ui.systemUsesDarkTheme': 0 },
  })
  const [page] = await browser.pages()
  if (page === undefined) throw new Error('Firefox has no page')
  await page.setViewport({ width, height })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  const element = (target: Target): Promise<ElementHandle> =>
    until(
      `${target.css} "${target.name ?? ''}"`,
      async () => (await page.evaluateHandle(findInPage, plain(target))).asElement() as ElementHandle | null,
    )
  return {
    version: await browser.version(),
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    resize: (size) => page.setViewport(size),
    evaluate: (run, argument) => page.evaluate(run as never, argument) as never,
    click: async (target) => (await element(target)).click(),
    type: async (target, text) => {
      const field = await element(target)
      await field.focus()
      await page.keyboard.down('Control')
      await page.keyboard.press('a')
      await page.keyboard.up('Control')
      await page.keyboard.type(text)
    },
    screenshot: async () => Buffer.from(await page.screenshot()),
    browserErrors: () => errors,
    close: () => browser.close(),
  }
}
