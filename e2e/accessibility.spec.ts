// axe in every state that a reader meets: WCAG 2.1 A and AA, and its best practices.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'
import { test as testOnSharedPage } from './pages/shared-page.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
const OVER_THE_PAGE = '.ui-popover, .ui-modal'

testOnSharedPage('the first view, a chosen token, a difference, and side by side', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
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
  await app.button('Compare').click()
  await app.type('The film is bad at all.', 'B')
  await app.showPane('Side by side')
  await expect(app.panes).toHaveCount(3)
  await expectClean(page, 'side by side')
})

testOnSharedPage('every chart, and every panel and menu that opens @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive('lv=2&v=attention&t=a4')
  await test.step('charts', async () => {
    for (const chart of ['Flow', 'Arcs', 'One token'] as const) {
      await app.showChart(chart)
      await expectClean(page, chart)
    }
    await app.showChart('Flow')
    await page.getByRole('button', { name: /^Head \d/ }).click()
    await app.radio('Heads', 'Whole layer').click()
    await page.keyboard.press('Escape')
    await expectClean(page, 'flow of several heads')
  })
  await test.step('panels and menus', async () => {
    for (const name of [/MiniLM/, /WASM/, /^About$/, /^Theme/, /^Export/, /^Examples$/, /Order by$/]) {
      await page.getByRole('button', { name }).first().click()
      await expect(page.getByRole('dialog').or(page.getByRole('menu')).or(page.getByRole('listbox')).last()).toBeVisible()
      await expectClean(page, String(name))
      await page.keyboard.press('Escape')
    }
  })
})

testOnSharedPage('what mattered, and what if @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive('v=attribution&am=saliency_relevance_leave-one-out_exact-shapley_lime&a=Not%20bad.')
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0, { timeout: 60_000 })
  await expectClean(page, 'attribution')
  await page.getByRole('button', { name: 'Rows', exact: true }).click()
  await expectClean(page, 'rows popover')
  await page.getByRole('dialog').getByRole('radio', { name: 'Ranked', exact: true }).click()
  await page.keyboard.press('Escape')
  await expectClean(page, 'ranked')
  await app.radio('Questions', 'What if').click()
  const edits = page.getByRole('list', { name: 'Edits, ranked' }).getByRole('listitem')
  await expect(edits).not.toHaveCount(0)
  await expectClean(page, 'what if')
  await page
    .getByRole('button', { name: /deleted$/ })
    .first()
    .click()
  await expect(edits.first()).toContainText('Heads that changed most')
  await expectClean(page, 'what an edit does')
  await app.radio('What is tried', 'Counterfactuals').click()
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Counterfactuals' }).getByRole('listitem').first()).toBeVisible()
  await expectClean(page, 'counterfactuals')
  await app.radio('What is tried', 'Pairwise interactions').click()
  await page.getByRole('button', { name: 'Compute', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Pairwise interactions' }).getByRole('application')).toBeVisible()
  await expectClean(page, 'pairwise interactions')
})

test('dark, Chinese, and a phone @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive('d=dark&ea=d4&p=difference&t=a3')
  await expect(app.ranking).toBeVisible()
  await expectClean(page, 'dark')
  await app.button('Language').click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh')
  await expectClean(page, 'Chinese, dark')
  await page.setViewportSize({ width: 360, height: 740 })
  await expectClean(page, 'a phone')
})

testOnSharedPage('presentation size @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive('sz=presentation&t=a3')
  await expectClean(page, 'presentation size')
})

test('while the model loads, when loading was stopped, and with a notice @full', async ({ page }) => {
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
  // Without frames there is nothing to put together in a blank page, which takes half the time.
  const builder = new AxeBuilder({ page }).withTags(TAGS).setLegacyMode()
  expect(page.frames()).toHaveLength(1)
  // Panels and menus lie over a page that was looked at before, outside its landmarks.
  const open = await page.locator(OVER_THE_PAGE).count()
  const { violations } = await (open > 0 ? builder.include(OVER_THE_PAGE).disableRules('region') : builder).analyze()
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`),
  )
  expect(found, state).toEqual([])
}
