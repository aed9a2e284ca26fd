import { expect, type Page, test } from '@playwright/test'
import reference from '../fixtures/minilm-reference.json' with { type: 'json' }
import { InnerscopePage, numberOf } from './pages/innerscope-page.ts'
import { testOnLargePage, test as testOnSharedPage } from './pages/shared-page.ts'

const [item] = reference.items

/** The table behind a method's row: a value for each token. */
async function values(page: Page, method: string): Promise<readonly number[]> {
  const table = page.getByRole('table', { name: `${method}: attribution of` })
  const cells = await table.locator('tbody tr td:nth-child(2)').allTextContents()
  return cells.map(numberOf)
}

/** Chosen under Methods, which closes again. */
async function chooseMethod(page: Page, method: string): Promise<void> {
  await page.getByRole('button', { name: /^Methods \(/ }).click()
  await page.getByRole('dialog', { name: 'Methods' }).getByText(method, { exact: true }).click()
  await page.keyboard.press('Escape')
}

/** Chosen in the popover of a button, which closes again. */
async function choose(page: Page, button: RegExp, option: string): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('dialog').getByRole('radio', { name: option, exact: true }).click()
  await page.keyboard.press('Escape')
}

const CHARTS = /^(Rows|Ranked|Waterfall|Force|Samples)$/

function line(page: Page, method: string) {
  return page
    .getByRole('region', { name: 'Attribution' })
    .getByRole('listitem')
    .filter({ has: page.getByText(method, { exact: true }) })
}

/** The numbers of a row when all have been drawn: a row is drawn after its line, when nothing more urgent is. */
async function drawnValues(page: Page, method: string): Promise<readonly number[]> {
  await expect.poll(async () => (await values(page, method)).some(Number.isNaN)).toBe(false)
  return values(page, method)
}

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length)
  for (const [at, value] of expected.entries()) expect(Math.abs((actual[at] ?? Number.NaN) - value)).toBeLessThan(0.0015)
}

testOnSharedPage(
  'what mattered: gradients and methods by attention as PyTorch has them, sums that add up, and heads that matter @full',
  async ({ page }) => {
    const app = new InnerscopePage(page)
    await app.openLive(`a=${encodeURIComponent(item?.text ?? '')}`)
    await app.radio('Questions', 'Why').click()
    // The answer itself is what is explained, unless another one is chosen.
    await expect(page.getByText('Token attribution for “positive”')).toBeVisible()
    await expect(line(page, 'Saliency')).toContainText('amount, neither for nor against')
    close(await drawnValues(page, 'Saliency'), item?.gradient_norm.data ?? [])
    close(await drawnValues(page, 'Input × gradient'), item?.gradient_x_input.data ?? [])

    await chooseMethod(page, 'Integrated gradients')
    await expect(line(page, 'Integrated gradients')).toContainText(/sum .*, expected .* \(error 0\.\d%\)/)
    await expect(page.getByText('Rank correlation (Spearman):')).toBeVisible()

    // Typing is followed.
    const before = await drawnValues(page, 'Saliency')
    await app.type('A dull film.')
    await expect.poll(() => values(page, 'Saliency').then((now) => now.length)).toBe(6)
    expect(before).toHaveLength(item?.ids.length ?? 0)

    // A difference of two classes turns every sign with its direction.
    const alone = await values(page, 'Input × gradient')
    await app.select('Contrast', 'positive')
    await expect.poll(async () => (await values(page, 'Input × gradient')).join()).not.toBe(alone.join())
    await app.select('Scale', 'probability')
    await expect(
      page.getByRole('table', { name: /^Input × gradient:/ }).getByRole('columnheader', { name: 'of probability' }),
    ).toBeAttached()

    // Methods by attention, both inputs and their difference, and the heads that matter.
    await page.goto(`./#v=attribution&am=relevance_rollout_gradient-x-attention&a=${encodeURIComponent(item?.text ?? '')}`)
    await expect(line(page, 'Relevance')).toContainText('amount')
    await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0)
    const tokens = item?.ids.length ?? 0
    const row = (matrix: readonly number[] = []): readonly number[] => matrix.slice(0, tokens)
    // The identity that the method begins with is left out.
    close(
      await drawnValues(page, 'Relevance'),
      row(item?.chefer_relevance_class1.data).map((value, at) => value - (at === 0 ? 1 : 0)),
    )
    close(await drawnValues(page, 'Attention rollout'), row(item?.rollout_mean_heads_half_identity.data))

    // The sums of tokens and of heads are the same.
    const byToken = (await drawnValues(page, 'Gradient × attention')).reduce((sum, value) => sum + value, 0)
    await expect(line(page, 'Gradient × attention')).toContainText(`sum ${byToken < 0 ? '−' : ''}${Math.abs(byToken).toFixed(2)}`)

    // The button starts with A's text.
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await app.showPane('Difference')
    await expect.poll(() => values(page, 'Relevance')).toEqual(Array.from({ length: tokens }, () => 0))
    await choose(page, CHARTS, 'Ranked')
    await expect(page.getByRole('listbox', { name: 'Relevance' }).getByRole('option')).toHaveCount(tokens)

    await app.radio('Questions', 'Attention').click()
    await app.select('Colour by', 'head importance')
    await app.select('Order by', 'importance')
    await expect(app.panes.first()).toContainText('attention × gradient for “positive”')
    await page.getByRole('button', { name: 'What the charts show' }).click()
    await expect(page.getByText('the derivative of “positive” by a factor on the head’s output')).toBeVisible()
    await expect(page.getByText('Values are attention times the gradient')).toBeVisible()
  },
)

testOnLargePage('a language model: what made the next token likely @full', async ({ page }) => {
  test.setTimeout(300_000)
  const app = new InnerscopePage(page)
  await page.goto(
    `./#m=smollm2-135m-instruct&v=attribution&am=saliency_input-x-gradient&a=${encodeURIComponent('The capital of France is')}`,
  )
  // A large model has none unasked.
  await page.getByRole('button', { name: 'Add gradients' }).click({ timeout: 90_000 })
  await expect(page.getByText(/Token attribution for “Paris vs. /)).toBeVisible({ timeout: 90_000 })
  await expect(line(page, 'Saliency')).toContainText('amount', { timeout: 150_000 })
  const norms = await values(page, 'Saliency')
  expect(norms).toHaveLength(5)
  expect(Math.min(...norms)).toBeGreaterThan(0)
  await app.select('Contrast', 'London')
  await expect(page.getByText('Token attribution for “Paris vs. London”')).toBeVisible()
})

/** Numbers of a chart of steps, as its table tells them: from the base over each step to the output. */
async function steps(page: Page, method: string): Promise<readonly number[]> {
  const table = page.getByRole('table', { name: `${method}:` })
  return (await table.locator('tbody td:nth-child(2)').allTextContents()).map(numberOf)
}

testOnSharedPage(
  'steps from a base to the output add up, in a waterfall and a force plot; LIME’s samples are read by keyboard @full',
  async ({ page }) => {
    const app = new InnerscopePage(page)
    await app.openLive(`v=attribution&am=leave-one-out_saliency&a=${encodeURIComponent('The film is not bad.')}`)
    await chooseMethod(page, 'Shapley values (sampled)')
    await expect(line(page, 'Shapley values (sampled)')).toContainText(/sum .*, expected /, { timeout: 60_000 })
    const { positive } = await app.logits()
    for (const chart of ['Waterfall', 'Force']) {
      await choose(page, CHARTS, chart)
      // Gradients have no sign to add up by.
      await expect(page.getByText('These values have no sign')).toBeVisible()
      for (const method of ['Leave one out', 'Shapley values (sampled)']) {
        await expect(page.getByRole('listbox', { name: `${method}:` }).getByRole('option')).not.toHaveCount(0)
        await expect
          .poll(async () => {
            const all = await steps(page, method)
            const reached = all.slice(0, -1).reduce((sum, value) => sum + value, 0)
            return all.length > 3 ? Math.abs(reached - (all.at(-1) ?? Number.NaN)) : Number.NaN
          })
          .toBeLessThan(0.01)
        expect((await steps(page, method)).at(-1)).toBeCloseTo(positive, 2)
      }
    }

    // A step is a token: chosen by keyboard, here and everywhere.
    const force = page.getByRole('listbox', { name: /^Leave one out:/ })
    await force.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await expect(force.getByRole('option', { selected: true })).toHaveCount(1)
    await expect(page.getByRole('group', { name: /^Change the token/ })).toBeVisible()
    await expect(page).toHaveURL(/ac=force/)

    // What is taken away at once is one step, under its whole text.
    await choose(page, /^(Tokens|Words|Sentences)$/, 'Sentences')
    await expect(force.getByRole('option', { name: /^The film is not bad\. [+−]/ })).toHaveCount(1)
    await expect(force.getByRole('option')).toHaveCount(1)

    // LIME's samples: each text that was tried, read by keyboard, beside what the line says of it.
    await page.goto(`./#v=attribution&am=lime&ac=samples&a=${encodeURIComponent('The film is not bad.')}`)
    const dots = page.getByRole('listbox', { name: /samples? of LIME/ })
    // Of six units there are 64 texts at most.
    await expect.poll(() => dots.getByRole('option').count(), { timeout: 60_000 }).toBeGreaterThan(40)
    await dots.focus()
    await page.keyboard.press('Home')
    const named = async (): Promise<string> => {
      const id = await dots.getAttribute('aria-activedescendant')
      return (await page.locator(`[id="${id}"]`).getAttribute('aria-label')) ?? ''
    }
    const first = await named()
    expect(first).toMatch(/^The film is not bad\.; model −?\d/)
    expect(numberOf(/model (−?[\d.]+)/.exec(first)?.[1])).toBeCloseTo(positive, 2)
    await page.keyboard.press('ArrowDown')
    expect(await named()).not.toContain('The film is not bad.')
    expect(await named()).toMatch(/^[^;]*\[MASK\][^;]*; model −?[\d.]+, linear model −?[\d.]+, weight 0\.\d+$/)

    const table = page.getByRole('table', { name: /^Samples, most weight first/ })
    await expect(table.locator('tbody tr')).toHaveCount(10)
    await page.getByRole('button', { name: '10 more' }).click()
    await expect(table.locator('tbody tr')).toHaveCount(20)
    await choose(page, CHARTS, 'Rows')
    await page.getByRole('button', { name: 'Remove LIME' }).click()
    await page.getByRole('button', { name: CHARTS }).click()
    await expect(page.getByRole('radio', { name: 'Ranked' })).toBeVisible()
    await expect(page.getByRole('radio', { name: 'Samples' })).toHaveCount(0)
  },
)
