// What is read inside a language model: the lens follows the text and the target, and heads are named.

import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'
import { startLocalHub } from './pages/local-hub.ts'
import { ModelsDialog } from './pages/models-dialog.ts'

test('a language model is read layer by layer', async ({ page }) => {
  const hub = await startLocalHub()
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await app.openLive(`lv=2&a=${encodeURIComponent('the film is')}`)
  await models.openFrom(hub.address, 'zoo/qwen2', 'onnx/model.onnx')
  await models.ready(/qwen2/)
  await app.type('the film is')
  await app.radio('Questions', 'Inside').click()

  const room = page.getByRole('region', { name: 'Inside', exact: true })
  const grid = room.getByRole('grid', { name: /Logit lens/ })
  const cells = grid.getByRole('gridcell')
  const columns = grid.getByRole('columnheader')
  await test.step('the answer’s row ends with the prediction', async () => {
    await expect(grid.getByRole('row')).toHaveCount(4)
    await expect(columns.last()).toHaveAttribute('aria-current', 'true')
    const [best] = await models.candidates()
    const width = (await columns.count()) - 1
    await expect(cells.nth(width - 1)).toHaveText(best?.label ?? '')
  })
  await test.step('the shares add up to the logit', async () => {
    const sum = await room.getByText(/together .* The model itself/).textContent()
    const [, together, model] = /together ([+−][\d.]+) logits. The model itself: ([+−][\d.]+)\./.exec(sum ?? '') ?? []
    expect(together).toBeDefined()
    expect(together).toBe(model)
  })
  await test.step('axe finds no fault', async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
    const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  })
  await test.step('the keyboard walks, and Enter asks about another position', async () => {
    await cells.first().focus()
    await page.keyboard.press('ArrowDown')
    await expect(room.locator('.lens-readout')).toContainText('after layer 1')
    await page.keyboard.press('Enter')
    await expect(columns.nth(1)).toHaveAttribute('aria-current', 'true')
  })
  await test.step('heads are sorted by a role, also on random tokens', async () => {
    await app.select('Colours show', 'induction')
    await room.getByRole('radio', { name: 'random tokens, twice' }).click()
    await expect(room.getByRole('region', { name: 'Strongest: induction' }).getByRole('listitem')).toHaveCount(8)
  })
  await test.step('the numbers leave as a file', async () => {
    const download = page.waitForEvent('download')
    await app.menu('Export', /CSV/)
    expect((await download).suggestedFilename()).toMatch(/\.csv$/)
  })
  await test.step('the pictures leave as one, in colours that other programs read', async () => {
    await room.getByRole('button', { name: /^Block 1/ }).click()
    const download = page.waitForEvent('download')
    await app.menu('Export', /SVG/)
    const svg = await readFile(await (await download).path(), 'utf8')
    for (const words of ['cosine with the end', 'Block 1 of 2', 'Logit lens: what each layer would answer', 'Strongest: induction'])
      expect(svg).toContain(words)
    expect(svg).not.toContain('color(')
  })
  await test.step('a head’s attention is a press away', async () => {
    await room.getByRole('region', { name: 'Strongest: induction' }).getByRole('button').first().click()
    await expect(app.radio('Questions', 'Attention')).toBeChecked()
  })
  await hub.close()
})
