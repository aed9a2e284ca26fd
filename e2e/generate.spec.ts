import { expect, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'
import { startLocalHub } from './pages/local-hub.ts'
import { ModelsDialog } from './pages/models-dialog.ts'
import { testOnLargePage } from './pages/shared-page.ts'

test('a language model goes on, from any place, with any candidate; a classifier does not', async ({ page }) => {
  const hub = await startLocalHub()
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await app.openLive(`lv=2&gn=5&gt=0&a=${encodeURIComponent('the film is')}`)
  const tabs = page.getByRole('radiogroup', { name: 'Questions' })
  await expect(tabs.getByRole('radio', { name: 'Generate' })).toHaveCount(0)
  await models.openFrom(hub.address, 'zoo/qwen2', 'onnx/model.onnx')
  await models.ready(/qwen2/)
  await app.type('the film is')
  await app.radio('Questions', 'Generate').click()

  const room = page.getByRole('region', { name: 'Generate', exact: true })
  const added = room.locator('.generate-token')
  const text = async () => (await added.allTextContents()).join('|')
  const candidates = room.getByRole('list', { name: 'What could stand here, most likely first' }).getByRole('button')
  await test.step('what comes next is the prediction’s own', async () => {
    await expect(candidates.first()).toBeVisible()
    const [best] = await models.candidates()
    expect(await candidates.first().textContent()).toBe(best?.label)
  })
  await test.step('tokens are added; what ends it is said', async () => {
    await room.getByRole('button', { name: 'Generate 5 tokens' }).click()
    await expect(added).toHaveCount(5)
    await expect(room.locator('.generate-status')).toContainText('5 tokens added')
  })
  const first = await text()
  await test.step('another candidate at an earlier place is another branch', async () => {
    await added.nth(1).click()
    await expect(added.nth(1)).toHaveAttribute('aria-pressed', 'true')
    await candidates.nth(1).click()
    await expect(added).toHaveCount(2)
    await room.getByRole('button', { name: 'Generate 5 tokens' }).click()
    await expect(added).toHaveCount(7)
    const branches = room.getByRole('region', { name: 'Branches' }).getByRole('listitem')
    await expect(branches).toHaveCount(2)
    await branches.first().getByRole('button').first().click()
    await expect.poll(text).toBe(first)
    await branches.nth(1).getByRole('button', { name: 'Remove this branch' }).click()
    await expect(room.getByRole('region', { name: 'Branches' })).toHaveCount(0)
    await expect.poll(text).toBe(first)
  })
  await test.step('one token at a time, and the numbers leave as a file', async () => {
    await room.getByRole('button', { name: 'One token' }).click()
    await expect(added).toHaveCount(6)
    const download = page.waitForEvent('download')
    await app.menu('Export', /CSV/)
    expect((await download).suggestedFilename()).toMatch(/\.csv$/)
  })
  await test.step('another text begins anew', async () => {
    await app.type('the plot is')
    await expect(added).toHaveCount(0)
    await expect(candidates.first()).toBeVisible()
  })
  await test.step('a masked model fills its masks, and says why', async () => {
    await models.open()
    await models.look('zoo/bert_mlm')
    await models.file('onnx/model.onnx').check()
    await models.fetch()
    await models.ready(/bert_mlm/)
    await app.type('the film')
    await expect(room.or(page.getByText('This model fills masks.'))).toBeVisible()
    await app.type('the [MASK] is [MASK]')
    await expect(room.locator('.generate-mask')).toHaveCount(2)
    await room.getByRole('button', { name: 'Fill the masks' }).click()
    await expect(added).toHaveCount(2)
    await expect(room).toContainText('Every mask is filled')
    await added.nth(1).click()
    await candidates.nth(2).click()
    await expect(room.getByRole('region', { name: 'Branches' }).getByRole('listitem')).toHaveCount(2)
  })
  await hub.close()
})

testOnLargePage('an engineer goes back to the tenth token, takes another, and asks why for both branches @full', async ({ page }) => {
  test.setTimeout(400_000)
  const app = new InnerscopePage(page)
  await page.goto(
    `./#lv=2&m=smollm2-135m-instruct&v=generate&gn=30&gt=0&am=leave-one-out_value-zeroing&a=${encodeURIComponent('The best way to learn to swim is')}`,
  )
  const room = page.getByRole('region', { name: 'Generate', exact: true })
  const added = room.locator('.generate-token')
  const candidates = room.getByRole('list', { name: 'What could stand here, most likely first' }).getByRole('button')
  await room.getByRole('button', { name: 'Generate 30 tokens' }).click({ timeout: 150_000 })
  await expect(added).toHaveCount(30, { timeout: 150_000 })
  const first = await added.allTextContents()
  const [best = '', other = ''] = await test.step('a generated token is explained in its place; undo leads back to the tree', async () => {
    await added.nth(9).click()
    const labels = [await candidates.nth(0).textContent(), await candidates.nth(1).textContent()].map((label) => label ?? '')
    await room.getByRole('button', { name: `Why “${labels[0]}”?` }).click()
    await expect(page.getByText(`Token attribution for “${wordOf(labels[0])} vs. `)).toBeVisible({ timeout: 60_000 })
    await app.button('Undo').click()
    await app.radio('Questions', 'Generate').click()
    await expect(added).toHaveCount(30)
    return labels
  })
  await test.step('its second candidate makes another branch', async () => {
    await added.nth(9).click()
    await candidates.nth(1).click()
    await expect(added).toHaveCount(10)
    expect((await added.allTextContents()).slice(0, 9)).toEqual(first.slice(0, 9))
    expect([first[9]?.trim(), (await added.nth(9).textContent())?.trim()]).toEqual([wordOf(best), wordOf(other)])
  })
  await test.step('why for both, side by side: by every method for A, for B, and the difference', async () => {
    const branches = room.getByRole('region', { name: 'Branches' }).getByRole('listitem')
    await expect(branches).toHaveCount(2)
    await branches
      .first()
      .getByRole('button', { name: /^Compare with this branch/ })
      .click()
    const title = page.getByText(new RegExp(`oken attribution for “${wordOf(other)} vs\\. ${first.at(-1)?.trim()}”`))
    await expect(title).toHaveCount(3, { timeout: 60_000 })
    const panes = page.locator('figure.pane')
    await expect(panes).toHaveCount(3)
    // Leave one out tells its sum; value zeroing has none.
    await expect(panes.getByText(/^sum −?\d/)).toHaveCount(2, { timeout: 60_000 })
    for (const pane of await panes.all())
      for (const method of ['Leave one out', 'Value zeroing']) await expect(pane.getByText(method).first()).toBeVisible()
  })
})

/** A token's label without its space. */
function wordOf(label: string | undefined): string {
  return label?.replace('␣', '') ?? ''
}
