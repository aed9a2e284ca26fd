import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page, test } from '@playwright/test'
import reference from '../fixtures/minilm-reference.json' with { type: 'json' }
import { InnerscopePage, numberOf, softmax } from './pages/innerscope-page.ts'

const [item] = reference.items
const TEXT = item?.text ?? ''
/** Long enough that its table takes some seconds and has more than twice fifty rows. */
const LONG = [
  'What begins as a quiet story about two sisters in a village by the sea slowly turns, scene after careful scene,',
  'into something far stranger and more moving.',
].join(' ')

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const edits = (page: Page): Locator => part(page, 'Many edits, one by one')
const finder = (page: Page): Locator => part(page, 'The smallest change that turns the answer over')
const pairs = (page: Page): Locator => part(page, 'What two units do together')
const rows = (page: Page): Locator =>
  edits(page)
    .locator('tbody')
    .getByRole('button', { name: /deleted|swapped|→/ })
const detail = (page: Page): Locator => page.getByRole('region', { name: /^What it does:/ })

/** What the reader's program is given. */
async function exported(app: InnerscopePage): Promise<string> {
  const download = app.page.waitForEvent('download')
  await app.menu('Export', /CSV/)
  return readFile(await (await download).path(), 'utf8')
}

test('what if: a row opens to what its edit does, and leads to the difference in the other tabs', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(`v=what-if&wo=change&b=${encodeURIComponent('~A dull film.')}&a=${encodeURIComponent(TEXT)}`)
  await app.choose('film', 'A')
  await expect(rows(page)).toHaveCount(8)

  // By keyboard; the focus stays on the row.
  await rows(page).first().press('Enter')
  await expect(rows(page).first()).toHaveAttribute('aria-expanded', 'true')
  await expect(rows(page).first()).toBeFocused()
  await expect(edits(page).locator('tr[aria-current="true"]')).toContainText('“not” deleted')
  await expect(app.token(await app.indexOf('film'))).toHaveAttribute('aria-pressed', 'true')
  const deleted = item?.logits_with_token_deleted.data.slice(8, 10) ?? []
  const [before, after] = [softmax(item?.logits.data ?? []), softmax(deleted)]
  await expect(detail(page)).toContainText(`Probability of “positive”: ${before.positive.toFixed(3)} → ${after.positive.toFixed(3)}`)
  await expect(detail(page).getByRole('listbox', { name: 'Heads that changed most' }).getByRole('option')).toHaveCount(5)
  const tokens = detail(page).getByRole('listbox', { name: 'Tokens whose attribution changed most' })
  await expect(tokens.getByRole('option')).toHaveCount(5)

  // The order turns round, and the open row goes with it.
  await edits(page).getByRole('button', { name: 'Change of the target' }).click()
  await expect(rows(page).last()).toHaveAttribute('aria-expanded', 'true')
  await expect(page).toHaveURL(/wd=reversed/)

  await detail(page).getByRole('button', { name: 'Attribution' }).click()
  await expect(app.radio('What the charts show', 'Difference')).toBeChecked()
  await expect(page.getByText(/^Difference of what mattered|What mattered/).first()).toBeVisible()
  await app.radio('Questions', 'What if').click()
  await detail(page).getByRole('button', { name: 'Attention' }).click()
  await expect(app.radio('Questions', 'Attention')).toBeChecked()
  await expect(app.radio('What the charts show', 'Difference')).toBeChecked()

  // What the reader had typed as B comes back: by Escape, by undoing, and when A is another text.
  await app.radio('Questions', 'What if').click()
  await detail(page).getByRole('button', { name: 'Close' }).press('Escape')
  await expect(detail(page)).toHaveCount(0)
  await expect(app.field('B')).toHaveValue('A dull film.')
  await expect(rows(page).last()).toBeFocused()
  await app.button('Undo').click()
  await expect(detail(page)).toHaveCount(1)
  await app.button('Undo').click()
  await expect(app.field('B')).toHaveValue('A dull film.')
  await expect(detail(page)).toHaveCount(0)
  await app.button('Redo').click()
  await expect(detail(page)).toHaveCount(1)
  await app.type('It is dull.', 'A')
  await expect(app.field('B')).toHaveValue('A dull film.')
})

test('what if: a long table is stopped and begun again, filtered while it grows, and drawn fifty rows at a time @full', async ({
  page,
}) => {
  const app = new InnerscopePage(page)
  await app.openLive(`v=what-if&ef=delete_random_swap_typo&a=${encodeURIComponent(LONG)}`)
  await expect(rows(page).nth(3)).toBeVisible({ timeout: 40_000 })
  await expect(edits(page).getByText(/more to come/)).toBeVisible()
  await edits(page).getByRole('button', { name: 'Stop' }).click()
  await expect(edits(page).getByText('Stopped; results so far.')).toBeVisible()
  const count = async (): Promise<number> =>
    numberOf(
      (
        await edits(page)
          .getByText(/^\d+ rows?$/)
          .textContent()
      )?.split(' ')[0],
    )
  const stopped = await count()
  expect(stopped).toBeGreaterThan(0)
  await page.waitForTimeout(500)
  expect(await count()).toBe(stopped)

  await edits(page).getByRole('button', { name: 'Restart' }).click()
  await edits(page).getByRole('textbox', { name: 'Filter' }).fill('swapped')
  await expect(rows(page).first()).toContainText('swapped', { timeout: 60_000 })
  await edits(page).getByRole('textbox', { name: 'Filter' }).fill('')
  await expect(edits(page).getByText(/more to come/)).toHaveCount(0, { timeout: 90_000 })
  expect(await count()).toBeGreaterThan(100)
  // What some tokens cannot take is counted.
  await expect(edits(page).getByText(/^\d+ edits have no row: .*\d+ of tokens that are no words/)).toBeVisible()
  await expect(rows(page)).toHaveCount(50)
  await edits(page)
    .getByRole('button', { name: /^Show \d+ more$/ })
    .click()
  await expect(rows(page)).toHaveCount(100)
})

test('what if: the table has the reference’s numbers, what was found opens beside the text, pairs stream in, and the files hold them', async ({
  page,
}) => {
  const app = new InnerscopePage(page)
  await app.openLive(`v=what-if&wo=change&fm=delete&a=${encodeURIComponent(TEXT)}`)
  await test.step('the logits of the text without each token, strongest change first', async () => {
    await expect(rows(page)).toHaveCount(8)
    const before = item?.logits.data[1] ?? 0
    const drops = (item?.logits_with_token_deleted.data ?? []).flatMap((logit, at) => (at % 2 === 1 ? [logit - before] : [])).slice(1, -1)
    const strongest = drops.toSorted((one, other) => Math.abs(other) - Math.abs(one))
    const shown = (await edits(page).locator('tbody tr td:nth-child(2)').allTextContents()).map(numberOf)
    expect(shown).toHaveLength(strongest.length)
    for (const [at, value] of strongest.entries()) expect(Math.abs((shown[at] ?? Number.NaN) - value)).toBeLessThan(0.0015)
    await expect(edits(page).locator('tbody tr').first()).toContainText('turned over')
  })
  await test.step('the smallest change opens beside the text, with what it does', async () => {
    await finder(page).getByRole('button', { name: 'Search', exact: true }).click()
    await expect(finder(page).getByRole('listitem')).toHaveCount(2)
    const found = finder(page).getByRole('listitem').first().getByRole('button').first()
    await expect(found).toBeVisible({ timeout: 40_000 })
    await found.click()
    await expect(found).toHaveAttribute('aria-expanded', 'true')
    await expect(finder(page).getByRole('region', { name: /^What it does:/ })).toContainText('Probability of “positive”:')
    await expect(app.token(4, 'B')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Remove sentence B' })).toBeVisible()
    const { positive } = await app.probabilities('B')
    expect(positive).toBeLessThan(0.5)
    await finder(page).getByRole('button', { name: 'Close' }).click()
    await expect(found).toBeFocused()
    await expect(page.getByRole('button', { name: 'Remove sentence B' })).toHaveCount(0)
  })
  await test.step('pairs of words stream in, what is taken away can be chosen, and the files hold them', async () => {
    await pairs(page).getByText('Take every two units away together').click()
    const chart = pairs(page).getByRole('application')
    await expect(chart).toBeVisible({ timeout: 40_000 })
    await pairs(page)
      .getByRole('button', { name: /Units$/ })
      .click()
    await page.getByRole('option', { name: 'words', exact: true }).click()
    await pairs(page)
      .getByRole('button', { name: /Removal$/ })
      .click()
    await page.getByRole('option', { name: 'deletion', exact: true }).click()
    await expect(page).toHaveURL(/ab=~delete.*un=word/)

    // The pairs that were there before go first.
    await expect.poll(() => exported(app)).toContain('"pairs: together beyond each alone"')
    await expect(chart).toBeVisible()
    const file = await exported(app)
    expect(file).toContain('"delete not"')
    expect(file).toContain('"turned",true')
    expect(file).toContain('"attention moved in layer 6"')
  })
  // The table follows the text.
  await app.type('A dull film.')
  await expect(rows(page)).toHaveCount(4)
})

test('what if: of a language model, with searches and samples that stream and stop @full', async ({ page }) => {
  test.setTimeout(400_000)
  const app = new InnerscopePage(page)
  await page.goto(
    `./#m=smollm2-135m-instruct&v=what-if&ef=delete_swap&fg=halve&fm=delete&am=lime_sampled-shapley&a=${encodeURIComponent('The capital of France is')}`,
  )
  await expect(rows(page).first()).toBeVisible({ timeout: 120_000 })
  await expect(edits(page).getByText(/more to come/)).toHaveCount(0, { timeout: 60_000 })
  await rows(page).filter({ hasText: '“France” deleted' }).click()
  await expect(detail(page)).toContainText(/Probability of “Paris”: 0\.\d{3} → 0\.\d{3}/, { timeout: 60_000 })
  await expect(
    detail(page).getByRole('listbox', { name: 'Tokens whose attribution changed most' }).getByRole('option').first(),
  ).toBeVisible({
    timeout: 90_000,
  })
  await detail(page).getByRole('button', { name: 'Close' }).click()

  await finder(page).getByRole('button', { name: 'Search', exact: true }).click()
  await expect(finder(page).getByRole('button', { name: 'Search', exact: true })).toBeVisible({ timeout: 120_000 })
  await expect(
    finder(page)
      .getByRole('listitem')
      .or(finder(page).getByText(/^Nothing found/))
      .first(),
  ).toBeVisible()

  // A longer text, whose table is stopped before its end.
  await page.getByRole('textbox', { name: 'Sentence', exact: true }).fill('When Mary and John went to the store, John gave a drink to')
  await edits(page).getByRole('button', { name: 'Stop' }).click({ timeout: 60_000 })
  await expect(edits(page).getByText('Stopped; results so far.')).toBeVisible()

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
