// The way from a token to the answer, as a newcomer and the keyboard walk it: the formula's numbers are those of the page's own table.

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, test } from '@playwright/test'
import { InnerscopePage, THROUGH_FIELD } from './pages/innerscope-page.ts'
import { startLocalHub } from './pages/local-hub.ts'
import { ModelsDialog } from './pages/models-dialog.ts'
import { test as testOnSharedPage } from './pages/shared-page.ts'

interface RowOfHead {
  readonly products: readonly number[]
  readonly scores: readonly number[]
  readonly weights: readonly number[]
}

/** What the table says of one query; masked scores are -Infinity. */
async function rowOf(room: Locator): Promise<RowOfHead> {
  const rows = await room
    .locator('.path-zoom.is-head .is-unseen tbody tr')
    .evaluateAll((all) => all.map((row) => Array.from(row.querySelectorAll('td'), ({ textContent }) => textContent ?? '')))
  const column = (at: number): readonly number[] =>
    rows.map((cells) => (cells[at] === 'masked' ? Number.NEGATIVE_INFINITY : Number(cells[at])))
  return { products: column(0), scores: column(1), weights: column(2) }
}

/** The TeX that screen readers' MathML was made of. */
function formulas(room: Locator): Promise<readonly string[]> {
  return room.locator('.path-formula annotation').allTextContents()
}

test('a newcomer follows one token from the text to the answer and reads in the formula the numbers of a cell', async ({ page }) => {
  const hub = await startLocalHub()
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await app.openLive(`lv=2&a=${encodeURIComponent('the film is not')}`)
  await models.openFrom(hub.address, 'zoo/llama', 'onnx/model.onnx')
  await models.ready(/llama/)
  await app.type('the film is not')
  await app.radio('Questions', 'Inside').click()
  const room = page.getByRole('region', { name: 'From a token to the answer' })
  const blocks = room.getByRole('button', { name: /^Block \d/ })

  await test.step('the picture ends with the model’s answer', async () => {
    await expect(blocks).toHaveCount(2)
    const [best] = await models.candidates()
    await expect(room.locator('.path-candidate').first()).toContainText(best?.label ?? '')
    const last = await app.tokens().last().textContent()
    await expect(room.locator('.path-token.is-own')).toContainText((last ?? '').trim())
  })
  await test.step('a block has heads, and a head says whose keys it shares', async () => {
    await blocks.nth(1).click(THROUGH_FIELD)
    await expect(room.getByRole('region', { name: 'Block 2 of 2' })).toContainText('A vector of length')
    await room.getByRole('button', { name: /^Head 3/ }).click()
    await expect(room.getByText('4 query heads on 2 key/value heads: this one shares keys and values 2 with heads 4.')).toBeVisible()
    await expect(room.locator('.path-check')).toContainText(/Recomputed from Q, K and V: weights equal to \de-\d/)
  })
  const weights = room.getByRole('grid', { name: 'weights' })
  await test.step('the formula has the numbers of the cell that is pressed', async () => {
    await weights.locator('[data-cell="3.1"]').click()
    await expect(room.getByRole('heading', { name: /looks at/ })).toBeVisible()
    const { products, scores, weights: shares } = await rowOf(room)
    const [whole, score, share] = await formulas(room)
    expect(whole).toContain('\\sqrt{d_k}')
    const [product, result] = [
      /\\frac\{(-?[\d.]+)\}\{\\sqrt\{16\}\} = (-?[\d.]+)$/
        .exec(score ?? '')
        ?.slice(1)
        .map(Number) ?? [],
    ].flat()
    expect(product).toBeCloseTo(products[1] ?? Number.NaN, 2)
    expect(result).toBeCloseTo((products[1] ?? Number.NaN) / 4, 2)
    const powers = scores.map(Math.exp)
    const sum = powers.reduce((all, power) => all + power, 0)
    const [power, total, weight] =
      /\\frac\{([\d.]+)\}\{([\d.]+)\} = ([\d.]+)$/
        .exec(share ?? '')
        ?.slice(1)
        .map(Number) ?? []
    expect((power ?? 0) / (powers[1] ?? 1)).toBeCloseTo(1, 2)
    expect((total ?? 0) / sum).toBeCloseTo(1, 2)
    expect(weight).toBeCloseTo((powers[1] ?? Number.NaN) / sum, 2)
    expect(weight).toBeCloseTo(shares[1] ?? Number.NaN, 2)
  })
  await test.step('a token does not see those after it', async () => {
    await expect(weights.locator('[data-cell="1.3"]')).toHaveAttribute('aria-label', /masked/)
    await weights.locator('[data-cell="1.3"]').click()
    expect((await formulas(room))[1]).toContain('-\\infty')
  })
  await test.step('a symbol lights its matrix', async () => {
    await room.getByRole('button', { name: 'K keys' }).hover()
    await expect(room.locator('.path-figure.is-lit')).toContainText('keys')
  })
  await test.step('the keyboard walks in and out', async () => {
    await weights.locator('[data-cell="1.3"]').focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowDown')
    await expect(weights.locator('[data-cell="2.2"]')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(room.getByRole('region', { name: /looks at/ })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(room.locator('[role="gridcell"]:focus')).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(room.getByRole('button', { name: /^Head 3/ })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(blocks.nth(1)).toBeFocused()
    await expect(room.locator('.path-zoom')).toHaveCount(0)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await expect(room.getByRole('region', { name: 'Block 1 of 2' })).toBeVisible()
  })
  await test.step('another token is followed', async () => {
    const second = room.locator('.path-token').nth(1)
    await second.click(THROUGH_FIELD)
    await expect(second).toHaveClass(/is-own/)
    await expect(room.getByRole('heading', { level: 2 })).toContainText((await second.locator('text').first().textContent()) ?? '')
  })
  await hub.close()
})

testOnSharedPage('a link opens a cell of a classifier’s head, a long text is walked through, and axe finds no fault', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(`lv=2&v=inside&pz=6.2.5-4&a=${encodeURIComponent('The film is not bad.')}`)
  const room = page.getByRole('region', { name: 'From a token to the answer' })
  await expect(room.getByRole('region', { name: '“not” looks at “is”' })).toBeVisible()
  await expect(room.locator('.path-check')).toContainText('weights equal to')
  await room.getByRole('button', { name: /^Head 3/ }).click()
  await expect(page).toHaveURL(/pz=6\.3(&|$)/)
  await expect(room.locator('.path-candidate').first()).toContainText('positive')
  await expect(page.getByText('its layers cannot be read as tokens')).toBeVisible()
  await app.type('The film is not bad, the plot is not thin, the actors are not dull and the end is not sad.')
  const drawn = room.getByText(/^Drawn: positions/)
  await expect(drawn).toContainText('positions 1–14 of 26')
  await room.getByRole('button', { name: 'Later tokens' }).click()
  await expect(drawn).toContainText('positions 1, 12–24 of 26')
  await room.getByRole('button', { name: /^Block 6/ }).press('PageDown')
  await expect(room.getByRole('button', { name: 'Later tokens' })).toBeDisabled()
  await expect(room.locator('.path-gap')).toContainText(['not drawn'])
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
})
