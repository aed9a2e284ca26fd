// A copied link restores everything elsewhere; a damaged one opens the default; a reload keeps what was typed.
import { type BrowserContext, expect, test } from '@playwright/test'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

test('a copied link opens the same view in another browser @full', async ({ page, browser, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  await app.type('A slow & quiet film, 100% worth it #1.')
  await app.choose('quiet')
  await app.tool('Replace').click()
  await page.getByRole('textbox', { name: 'Replace with' }).fill('loud')
  await app.button('Apply').click()
  await app.button('Compare').click()
  await app.type('A slow film — été 中 🙂.', 'B')
  await app.choose('film', 'B')
  await app.tool('Duplicate').click()
  await app.settled()
  await app.showPane('Side by side')
  await app.chooseHead(2, 5)
  await app.chooseHead(6, 11, ['Shift'])
  await app.showChart('Flow')
  await page.getByRole('button', { name: '2 heads' }).click()
  await app.radio('Aggregate', 'none').click()
  await page.keyboard.press('Escape')
  const threshold = page.getByRole('slider', { name: 'Threshold' })
  await threshold.focus()
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight')
  await app.choose('worth')
  await app.menu(/^Theme/, 'Dark')
  await app.button('Stage').click()
  await app.button('Language').click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh')
  await page
    .getByRole('button', { name: '复制' })
    .or(page.getByRole('button', { name: /链接/ }))
    .first()
    .click()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link.startsWith(baseURL ?? '?')).toBe(true)

  const other: BrowserContext = await browser.newContext({ locale: 'en-US', colorScheme: 'light' })
  try {
    const second = await other.newPage()
    await second.goto(link)
    await expect(second.locator('html')).toHaveAttribute('lang', 'zh')
    await expect(second.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(second.locator('section[aria-busy="true"]')).toHaveCount(0)
    // The order of what is on the page is the same in every language.
    await expect.poll(() => shown(second)).toEqual(await shown(page))
    // Edits of tokens stand in the field.
    expect((await shown(second)).fields).toEqual(['A slow & loud film, 100% worth it #1.', 'A slow film film — été 中 🙂.'])
    expect((await shown(second)).selected).toHaveLength(2)
    expect((await shown(second)).slider).toEqual(['15'])
  } finally {
    await other.close()
  }
})

test('a damaged link opens what can be read of it, and says so', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.open('a=%E0%A4%A&h=0.99&c=pie&th=20&x=1')
  await expect(app.notice('Part of the link could not be read; the rest was opened.')).toBeVisible()
  await expect(app.field()).toHaveValue('The film is not bad at all.')
  await app.button('Dismiss').click()
  await expect(page.getByText('Part of the link could not be read')).toHaveCount(0)
  await app.showChart('Flow')
  await expect(page.getByRole('slider', { name: 'Threshold' })).toHaveValue('20')
})

test('a reload, at once, keeps what was typed; a link pasted into the bar opens', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  await app.field().fill('Typed a moment before leaving.')
  await page.reload()
  await expect(app.field()).toHaveValue('Typed a moment before leaving.')
  await app.live()
  expect((await app.tokenTexts()).join(' ')).toBe('[CLS] Typed a moment before leaving . [SEP]')
  await page.evaluate(() => {
    location.hash = 'a=Another%20text.&c=arcs'
  })
  await expect(app.field()).toHaveValue('Another text.')
  await app.settled()
  await expect(app.radio('Chart', 'Arcs')).toBeChecked()
  expect((await app.tokenTexts()).join(' ')).toBe('[CLS] Another text . [SEP]')
})

/** Everything that a link holds, as far as it is seen. */
function shown(page: import('@playwright/test').Page) {
  return page.evaluate(() => {
    const all = (selector: string, read: (node: Element) => string | null): readonly (string | null)[] =>
      Array.from(document.querySelectorAll(selector), read)
    const label = (node: Element): string | null => node.getAttribute('aria-label')
    return {
      fields: all('textarea', (node) => (node instanceof HTMLTextAreaElement ? node.value : null)),
      tokens: all('[role="toolbar"] button', (node) => label(node)),
      chosen: all('[role="toolbar"] [aria-pressed="true"]', (node) => node.textContent),
      ghosts: all('del', (node) => node.textContent),
      numbers: all('td', (node) => node.textContent),
      selected: all('[role="listbox"][aria-multiselectable] [aria-selected="true"]', label),
      choices: all('[role="radio"][aria-checked="true"]', (node) => node.textContent),
      figures: all('figcaption', (node) => node.textContent),
      slider: all('input[type="range"]', (node) => (node instanceof HTMLInputElement ? node.value : null)),
      theme: document.documentElement.dataset.theme ?? null,
      language: document.documentElement.lang,
      heading: getComputedStyle(document.querySelector('[role="toolbar"] button') ?? document.body).fontSize,
    }
  })
}
