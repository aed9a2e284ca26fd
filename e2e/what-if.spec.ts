import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { PNG } from 'pngjs'
import reference from '../fixtures/minilm-reference.json' with { type: 'json' }
import { InnerscopePage, numberOf } from './pages/innerscope-page.ts'
import { testOnLargePage, test as testOnSharedPage } from './pages/shared-page.ts'

const [item] = reference.items
const TEXT = item?.text ?? ''
/** Long enough that its scan takes some seconds and has more than twice fifty rows. */
const LONG = [
  'What begins as a quiet story about two sisters in a village by the sea slowly turns, scene after careful scene,',
  'into something far stranger and more moving.',
].join(' ')

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const scan = (page: Page): Locator => part(page, 'Single-edit scan')
const finder = (page: Page): Locator => part(page, 'Counterfactuals')
const pairs = (page: Page): Locator => part(page, 'Pairwise interactions')
const rows = (page: Page): Locator => scan(page).getByRole('list', { name: 'Edits, ranked' }).getByRole('listitem')
const toggle = (row: Locator): Locator => row.getByRole('button', { name: /deleted$|↔|→/ }).first()
/** Of what is shown, by the count behind it. */
const shown = async (page: Page): Promise<number> => {
  const text = await scan(page).getByRole('button', { name: /Show$/ }).textContent()
  return Number(/\((\d+)\)/.exec(text ?? '')?.[1])
}

/** What the reader's program is given. */
async function exported(app: InnerscopePage, format: RegExp): Promise<Buffer> {
  const download = app.page.waitForEvent('download')
  await app.menu('Export', format)
  return readFile(await (await download).path())
}

testOnSharedPage(
  'what if: edits are ranked with flips on top; a row opens and changes nothing; it is applied, or opened as B, in one step',
  async ({ page }) => {
    const app = new InnerscopePage(page)
    await app.openLive(`v=what-if&lv=2&b=${encodeURIComponent('~A dull film.')}&a=${encodeURIComponent(TEXT)}`)
    await app.choose('film', 'A')
    await expect(rows(page)).toHaveCount(8)
    await test.step('the logits of the text without each token, strongest change first', async () => {
      const before = item?.logits.data[1] ?? 0
      const drops = (item?.logits_with_token_deleted.data ?? []).flatMap((logit, at) => (at % 2 === 1 ? [logit - before] : [])).slice(1, -1)
      const flips = (item?.logits_with_token_deleted.data ?? [])
        .flatMap((logit, at, all) => (at % 2 === 1 ? [logit < (all[at - 1] ?? 0)] : []))
        .slice(1, -1)
      const order = drops
        .map((_, at) => at)
        .sort((one, other) => {
          if (flips[one] !== flips[other]) return Number(flips[other]) - Number(flips[one])
          return Math.abs(drops[other] ?? 0) - Math.abs(drops[one] ?? 0)
        })
      const values = (await rows(page).locator('.edit-value').allTextContents()).map(numberOf)
      for (const [at, token] of order.entries()) expect(Math.abs((values[at] ?? Number.NaN) - (drops[token] ?? 0))).toBeLessThan(0.0015)
      const marked = await rows(page).evaluateAll((all) => all.map((row) => row.textContent?.includes('flips')))
      expect(marked).toEqual(order.map((token) => flips[token]))
    })
    await test.step('opening a row leaves the address, the token and B as they are', async () => {
      // The address follows after a pause.
      await expect(page).toHaveURL(/t=a2/)
      const link = page.url()
      const first = rows(page).first()
      await toggle(first).press('Enter')
      await expect(toggle(first)).toHaveAttribute('aria-expanded', 'true')
      await expect(toggle(first)).toBeFocused()
      await expect(first).toContainText('Probability of positive')
      await expect(first).toContainText('Heads that changed most')
      await expect(app.token(await app.indexOf('film'))).toHaveAttribute('aria-pressed', 'true')
      await expect(app.field('B')).toHaveValue('A dull film.')
      await page.waitForTimeout(600)
      expect(page.url()).toBe(link)
      await toggle(first).click()
    })
    await test.step('the order turns round', async () => {
      await scan(page).getByRole('button', { name: 'Change in logit' }).click()
      await expect(rows(page).last()).toContainText('flips')
      await expect(page).toHaveURL(/wd=reversed/)
      await scan(page).getByRole('button', { name: 'Change in logit' }).click()
      await expect(rows(page).first()).toContainText('flips')
    })
    await test.step('files: one line an edit, and pictures that open alone', async () => {
      const csv = (await exported(app, /CSV/)).toString('utf8').split('\r\n')
      expect(csv).toHaveLength(1 + 8)
      expect(csv[0]).toMatch(/^rank,edit,.*,answer,answer_probability,flips,.*,model,.*,text,.*,link,created$/)
      expect(csv[1]).toContain(`"${TEXT}"`)
      const { source, matrices } = JSON.parse((await exported(app, /JSON/)).toString('utf8'))
      expect(source).toMatchObject({ model: 'minilm-sst2', text: TEXT })
      expect(matrices[0].records).toHaveLength(8)
      const svg = (await exported(app, /SVG/)).toString('utf8')
      expect(svg).toContain(`“${TEXT}”`)
      expect(svg).toContain('@font-face')
      expect(svg.match(/(?:href="|url\(["']?)(?!data:)/g)).toBeNull()
      const size = await page.evaluate(async (file) => {
        const image = new Image()
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file)}`
        await image.decode()
        return [image.naturalWidth, image.naturalHeight]
      }, svg)
      expect(Math.min(...size)).toBeGreaterThan(200)
      const png = PNG.sync.read(await exported(app, /PNG/))
      expect([png.width, png.height]).toEqual(size.map((side) => 2 * side))
      expect(new Set(png.data).size).toBeGreaterThan(20)
    })
    await test.step('an edit opens as B, and is applied; undo takes each back', async () => {
      const first = rows(page).first()
      await first.getByRole('button', { name: /^Open as B/ }).click()
      await expect(app.token(4, 'B')).toBeVisible()
      await app.settled()
      await app.button('Undo').click()
      await expect(app.field('B')).toHaveValue('A dull film.')
      await first.getByRole('button', { name: /^Apply/ }).click()
      await expect(rows(page)).toHaveCount(7)
      await app.button('Undo').click()
      await expect(rows(page)).toHaveCount(8)
    })
  },
)

testOnSharedPage('what if: a long scan is stopped and begun again, filtered, and drawn fifty rows at a time @full', async ({ page }) => {
  test.setTimeout(300_000)
  const app = new InnerscopePage(page)
  await app.openLive(`v=what-if&ef=delete_random_swap_typo&a=${encodeURIComponent(LONG)}`)
  await expect(rows(page).nth(3)).toBeVisible({ timeout: 40_000 })
  const progress = scan(page).getByText(/^\d+ of \d+ edits$/)
  const planned = Number(/of (\d+)/.exec((await progress.textContent()) ?? '')?.[1])
  await scan(page).getByRole('button', { name: 'Stop' }).click()
  await expect(scan(page).getByText('Stopped; results so far.')).toBeVisible()
  // What was on its way when it was stopped may still be drawn; then nothing moves any more.
  let stopped = Number.NaN
  await expect
    .poll(async () => {
      stopped = await shown(page)
      await page.waitForTimeout(1000)
      return (await shown(page)) - stopped
    })
    .toBe(0)
  expect(stopped).toBeGreaterThan(0)
  expect(stopped).toBeLessThan(planned)

  await scan(page).getByRole('button', { name: 'Restart' }).click()
  await expect.poll(() => shown(page), { timeout: 150_000 }).toBeGreaterThan(100)
  await expect(scan(page).getByText(/ of \d+ edits$/)).toHaveCount(0, { timeout: 150_000 })
  // What some tokens cannot take is counted.
  await expect(scan(page).getByText(/^\d+ edits skipped: .*\d+ \(not a word\)/)).toBeVisible()
  await expect(rows(page)).toHaveCount(50)
  await scan(page)
    .getByRole('button', { name: /^Show \d+ more$/ })
    .click()
  await expect(rows(page)).toHaveCount(100)
  await scan(page).getByRole('button', { name: /Show$/ }).click()
  await page.getByRole('option', { name: /^swap/ }).click()
  await expect(toggle(rows(page).first())).toContainText('↔')
})

testOnSharedPage(
  'what if: counterfactuals are edited sentences, pairs are computed when they are asked for, and both leave as files',
  async ({ page }) => {
    const app = new InnerscopePage(page)
    await app.openLive(`v=what-if&wi=counterfactuals&fm=delete&a=${encodeURIComponent(TEXT)}`)
    await test.step('what was found is the text with its changes', async () => {
      await finder(page).getByRole('button', { name: 'Search', exact: true }).click()
      const found = finder(page).getByRole('listitem')
      await expect(found.first()).toContainText('margin', { timeout: 40_000 })
      await expect(found.first().locator('del')).not.toHaveCount(0)
      expect((await exported(app, /CSV/)).toString('utf8')).toMatch(/^goal,changes,edited_text,/)
      await found.first().getByRole('button', { name: 'Open as B' }).click()
      const { positive } = await app.probabilities('B')
      expect(positive).toBeLessThan(0.5)
    })
    await test.step('pairs of words stream in', async () => {
      await app.radio('What is tried', 'Pairwise interactions').click()
      await pairs(page).getByRole('button', { name: 'Compute' }).click()
      const chart = pairs(page).getByRole('application')
      await expect(chart).toBeVisible({ timeout: 40_000 })
      await page.getByRole('button', { name: /Units$/ }).click()
      await page.getByRole('option', { name: 'words', exact: true }).click()
      await expect(page).toHaveURL(/un=word/)
      await expect.poll(async () => (await exported(app, /CSV/)).toString('utf8')).toContain('"pairwise interactions"')
    })
  },
)

test('what if: while the model is on its way the tab says so', async ({ page }) => {
  await page.route('**/*.onnx*', () => new Promise<void>(() => undefined))
  const app = new InnerscopePage(page)
  await app.open('v=what-if')
  await expect(scan(page).getByText('The model is still loading. This starts as soon as it is ready.')).toBeVisible()
})

testOnLargePage('what if: of a language model, with searches and samples that stream and stop @full', async ({ page }) => {
  test.setTimeout(400_000)
  const app = new InnerscopePage(page)
  await page.goto(
    `./#m=smollm2-135m-instruct&v=what-if&ef=delete_swap&lv=2&fm=delete&am=lime_sampled-shapley&a=${encodeURIComponent('The capital of France is')}`,
  )
  await expect(rows(page).first()).toBeVisible({ timeout: 120_000 })
  await expect(scan(page).getByText(/ of \d+ edits$/)).toHaveCount(0, { timeout: 60_000 })

  // The goal is the contrast.
  await app.radio('What is tried', 'Counterfactuals').click()
  await expect(page.getByRole('button', { name: /^“Paris” falls behind “.+” Goal$/ })).toBeVisible()
  await finder(page).getByRole('button', { name: 'Search', exact: true }).click()
  await expect(finder(page).getByRole('button', { name: 'Search', exact: true })).toBeVisible({ timeout: 120_000 })
  await expect(
    finder(page)
      .getByRole('listitem')
      .or(finder(page).getByText(/^Nothing found/))
      .first(),
  ).toBeVisible()
  await app.radio('What is tried', 'Single-edit scan').click()

  // A longer text, whose table is stopped before its end.
  await page.getByRole('textbox', { name: 'Sentence', exact: true }).fill('When Mary and John went to the store, John gave a drink to')
  await scan(page).getByRole('button', { name: 'Stop' }).click({ timeout: 60_000 })
  await expect(scan(page).getByText('Stopped; results so far.')).toBeVisible()

  await app.radio('Questions', 'Why').click()
  for (const method of ['LIME', 'Shapley values (sampled)']) {
    const line = part(page, 'Attribution')
      .getByRole('listitem')
      .filter({ has: page.getByText(method, { exact: true }) })
    await expect(line).toContainText(/\d+ of about [\d,]+ forward passes/, { timeout: 120_000 })
    await line.getByRole('button', { name: 'Stop' }).click()
    await expect(line).toContainText(/Stopped after \d+/)
  }
})
