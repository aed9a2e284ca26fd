// axe in every state that a reader meets: WCAG 2.1 A and AA, and its best practices.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']

test('the first view, a chosen token, a difference, and side by side', async ({ page }) => {
  // axe looks at every element of five states.
  test.setTimeout(150_000)
  const app = new InnerscopePage(page)
  await app.openLive()
  await expectClean(page, 'first view')
  await app.choose('not')
  await expectClean(page, 'token chosen')
  await app.tool('Replace').click()
  await expectClean(page, 'replace')
  await app.button('Cancel').click()
  await app.tool('Delete').click()
  await app.settled()
  await expect(app.ranking).toBeVisible()
  await expectClean(page, 'difference')
  await app.button('Compare with a second sentence').click()
  await app.type('The film is bad at all.', 'B')
  await app.showPane('Side by side')
  await expect(app.panes).toHaveCount(3)
  await expectClean(page, 'side by side')
})

test('every chart', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive('t=a4')
  for (const chart of ['Flow', 'Arcs', 'One token'] as const) {
    await app.showChart(chart)
    await expectClean(page, chart)
  }
  await app.showChart('Flow')
  await app.button('Whole layer').click()
  await expectClean(page, 'flow of several heads')
})

test('what mattered, and what if', async ({ page }) => {
  test.setTimeout(150_000)
  const app = new InnerscopePage(page)
  await app.openLive('v=attribution&am=saliency_relevance_leave-one-out_exact-shapley_lime&a=Not%20bad.')
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0, { timeout: 60_000 })
  await expectClean(page, 'attribution')
  await app.radio('Show', 'ranked').click()
  await expectClean(page, 'ranked')
  await app.radio('Questions', 'What if').click()
  await page.getByText('Take every two units away together').click()
  await expect(
    page
      .getByRole('table')
      .filter({ has: page.getByRole('button', { name: 'Likeness' }) })
      .getByRole('row'),
  ).toHaveCount(4)
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByRole('listitem').first()).toBeVisible()
  await expectClean(page, 'what if')
  await page
    .getByRole('button', { name: /deleted$/ })
    .first()
    .click()
  await expect(page.getByRole('listbox', { name: 'Tokens whose attribution changed most' })).toBeVisible()
  await expectClean(page, 'what an edit does')
})

test('every panel and menu that opens', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive()
  for (const name of [/MiniLM/, /WASM/, /^About$/, /^Theme/, /^Export/, /^Examples$/, /Order$/]) {
    await page.getByRole('button', { name }).first().click()
    await expect(page.getByRole('dialog').or(page.getByRole('menu')).or(page.getByRole('listbox')).last()).toBeVisible()
    await expectClean(page, String(name))
    await page.keyboard.press('Escape')
  }
})

for (const [name, link, size] of [
  ['dark', 'd=dark&ea=d4&p=difference&t=a3', { width: 1280, height: 800 }],
  ['Chinese', 'l=zh&ea=d4&p=difference&t=a3', { width: 1280, height: 800 }],
  ['presentation size @full', 'sz=presentation&t=a3', { width: 1280, height: 800 }],
  ['a phone', 'ea=d4&p=difference&t=a3', { width: 360, height: 740 }],
] as const) {
  test(`${name}`, async ({ page }) => {
    await page.setViewportSize(size)
    await page.goto(`./#${link}`)
    await expect(page.getByRole('toolbar').getByRole('button').first()).toBeVisible({ timeout: 40_000 })
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0, { timeout: 40_000 })
    await expect(page.getByRole('banner').getByRole('button', { name: /WASM/ })).toBeVisible({ timeout: 40_000 })
    await expectClean(page, name)
  })
}

test('while the model loads, when loading was stopped, and with a notice', async ({ page }) => {
  await page.route('**/*.onnx', () => undefined)
  const app = new InnerscopePage(page)
  await app.open('c=pie')
  await expect(app.notice('Part of the link could not be read')).toBeVisible()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expectClean(page, 'loading')
  await app.button('Stop loading').click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expectClean(page, 'stopped')
})

async function expectClean(page: Page, state: string): Promise<void> {
  // Colours are judged as they come to rest; an animation whose element goes ends as an error.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .map(({ finished }) => Promise.race([finished.catch(() => undefined), new Promise((done) => setTimeout(done, 500))])),
    ),
  )
  // Panels and menus open outside the page's landmarks, as layers of the widget library.
  const open = await page.getByRole('dialog').or(page.getByRole('menu')).count()
  const builder = new AxeBuilder({ page }).withTags(TAGS)
  const { violations } = await (open > 0 ? builder.disableRules('region') : builder).analyze()
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`),
  )
  expect(found, state).toEqual([])
}
