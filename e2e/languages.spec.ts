// English and Chinese, and texts in any script: the page's language, the tokens' labels, and where a long text was cut.
import { expect, type Page, test } from '@playwright/test'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

/** Names of things, the same in every language: the product, the model, the runtime's words, and the switch to English. */
const NAMES = /^(Innerscope|MiniLM.*|WASM.*|WebGPU|[Ll]ogit|English|[AB]|SVG|PNG|CSV|JSON|\[?[A-Z]+\]?|γ.*)$/

test.describe('a Chinese browser', () => {
  test.use({ locale: 'zh-CN' })

  test('the page comes in Chinese, whole, and English is one switch away', async ({ page }) => {
    const app = new InnerscopePage(page)
    await page.goto('./')
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh')
    await expect(page.getByRole('toolbar').getByRole('button').first()).toBeVisible()
    await expect(page.locator('section[aria-busy="true"]')).toHaveCount(0)
    expect(await englishLeft(page)).toEqual([])
    // After an edit, with everything that a difference brings.
    await page.getByRole('radio', { name: '注意力' }).click()
    await page.getByRole('toolbar').getByRole('button', { name: /^not/ }).click({ force: true })
    await expect(page.getByRole('complementary', { name: '详情' })).toBeVisible()
    expect(await englishLeft(page)).toEqual([])
    await page.getByRole('toolbar').getByRole('button', { name: /^not/ }).focus()
    await page.keyboard.press('Delete')
    await expect(page.getByRole('navigation').getByRole('listitem')).toHaveCount(2)
    await expect(page.getByRole('listbox')).toHaveCount(2)
    expect(await englishLeft(page)).toEqual([])

    await page
      .getByRole('button', { name: 'English' })
      .or(page.getByRole('button', { name: '语言' }))
      .first()
      .click()
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await expect(app.field()).toBeVisible()
    await expect(app.ranking).toBeVisible()
    // The check itself sees English.
    expect((await englishLeft(page)).length).toBeGreaterThan(10)
  })
})

test('texts in any script keep their labels; beyond 512 tokens they are cut, which is said, and 512 work in every chart @full', async ({
  page,
}) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  const labels = async (text: string): Promise<readonly string[]> => {
    await app.type(text)
    return (await app.tokenTexts()).slice(1, -1)
  }
  expect(await labels('Très   BEAU café')).toEqual(['Très', 'BEAU', 'café'])
  expect((await labels('unbelievably')).join('')).toBe('unbelievably')
  expect(await labels('I 🙂 it')).toEqual(['I', '🙂', 'it'])
  expect((await labels('été')).join('')).toBe('été')
  await app.type('')
  await expect(page.getByText('Nothing typed yet: the model sees only its special tokens.')).toBeVisible()
  expect(await app.tokenTexts()).toEqual(['[CLS]', '[SEP]'])

  await app.menu('Examples', /^A Chinese sentence/)
  await expect(app.field()).toHaveValue('这部电影一点也不差。')
  await app.settled()
  expect((await app.tokenTexts()).slice(1, -1).join('')).toBe('这部电影一点也不差。')
  await expect(page.getByText(/hardly knows this script: \d+ of \d+ words are unknown/)).toBeVisible()

  const words = Array.from({ length: 600 }, (_, i) => ['one', 'two', 'three', 'four', 'five'][i % 5])
  words[509] = 'last'
  words[510] = 'beyond'
  await app.field().fill(words.join(' '))
  await expect(page.getByText(/The model reads 512 tokens; the text needs 602 or more\. What follows “.*last” was cut off\./)).toBeVisible({
    timeout: 60_000,
  })
  await expect(app.tokens()).toHaveCount(512)
  await expect(page.locator('section[aria-busy="true"]')).toHaveCount(0, { timeout: 60_000 })
  await expect(app.heatmap()).toHaveAccessibleName(/over 512 tokens/)
  // The exact value of a cell far in: its column and row are named.
  await app.heatmap().focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('ArrowLeft')
  await expect(app.readout()).toHaveText(/\[SEP\]→last\d\.\d{3}/)
  const painted = await app
    .heatmap()
    .locator('canvas')
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      return new Set(data).size
    })
  expect(painted).toBeGreaterThan(10)
  await app.showChart('Flow')
  await expect(app.panes.getByRole('option')).toHaveCount(1024)
  await app.showChart('Arcs')
  await expect(app.panes.getByRole('option')).toHaveCount(512)
  await expect(app.panes.getByRole('table', { name: /over 512 tokens/ })).toBeAttached()
})

/** Texts and names on the page, read or heard, that are English: Latin letters in what is no sentence of the reader's. */
async function englishLeft(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found = new Set<string>()
    // What the reader typed, and what repeats it.
    const own = 'textarea, [role="toolbar"], .is-chart svg, table, [role="listbox"] [role="option"], code, nav li, script, style, noscript'
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest(own)) found.add(node.textContent?.trim() ?? '')
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (element.closest('[role="toolbar"] > *, nav li')) continue
      for (const name of ['aria-label', 'title', 'placeholder']) found.add(element.getAttribute(name)?.trim() ?? '')
    }
    for (const caption of document.querySelectorAll('caption, th')) found.add(caption.textContent?.trim() ?? '')
    return [...found]
  })
  const sentence = 'The film is not bad at all .'
  // A cell in the list of changes is named by its two tokens.
  return texts.filter(
    (text) =>
      /[A-Za-z]{2}/.test(text) && !text.includes('→') && !/[\u4e00-\u9fff]/.test(text) && !NAMES.test(text) && !sentence.includes(text),
  )
}
