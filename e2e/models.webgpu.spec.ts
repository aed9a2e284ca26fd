import { expect, test } from '@playwright/test'
import reference from '../fixtures/smollm2-reference.json' with { type: 'json' }
import { ModelsDialog } from './pages/models-dialog.ts'

const [france] = reference.items

test('the small language model answers on WebGPU, with its weights packed @full', async ({ page }) => {
  // Graphics in software take a minute for what a card does in a blink.
  test.setTimeout(600_000)
  const models = new ModelsDialog(page)
  await page.goto(`./#m=smollm2-135m-instruct&be=webgpu&a=${encodeURIComponent(france?.text ?? '')}`)
  await expect(models.chip).toContainText('Ready', { timeout: 360_000 })
  await expect(page.getByRole('banner').getByRole('button', { name: 'WebGPU' })).toBeVisible()
  await expect(page.locator('section[aria-busy="true"]')).toHaveCount(0, { timeout: 180_000 })
  const [best] = await models.candidates()
  expect(best?.label).toBe('␣Paris')
  expect(best?.probability).toBeCloseTo(Math.exp(france?.target_logprob ?? 0), 2)
  await models.open()
  await expect(models.card).toContainText('The weights stay packed; WebGPU unpacks them on the fly')
})
