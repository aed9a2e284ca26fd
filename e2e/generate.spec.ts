import { expect, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'
import { startLocalHub } from './pages/local-hub.ts'
import { ModelsDialog } from './pages/models-dialog.ts'

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
  await hub.close()
})

test('the small language model: generates, goes back, and explains a token @full', async ({ page }) => {
  test.setTimeout(400_000)
  const app = new InnerscopePage(page)
  await page.goto(
    `./#lv=2&m=smollm2-135m-instruct&v=generate&gn=4&gt=0&a=${encodeURIComponent('When Mary and John went to the store, John gave a drink to')}`,
  )
  const room = page.getByRole('region', { name: 'Generate', exact: true })
  const added = room.locator('.generate-token')
  await room.getByRole('button', { name: 'Generate 4 tokens' }).click({ timeout: 150_000 })
  await expect(added).toHaveCount(4, { timeout: 150_000 })
  expect(await added.allTextContents()).toEqual([' Mary', '.', ' Mary', ' gave'])
  await added.nth(2).click()
  await room.getByRole('button', { name: 'Why “␣Mary”?' }).click()
  await expect(app.field()).toHaveValue('When Mary and John went to the store, John gave a drink to Mary.', { timeout: 60_000 })
  await expect(page.getByText(/Token attribution for “Mary vs\. /)).toBeVisible({ timeout: 150_000 })
})
