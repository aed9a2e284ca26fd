// On a browser with WebGPU (in software here) the page runs on it, says why, and lets the reader choose WASM.
import { expect, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'

test('the page runs on WebGPU after comparing it with WASM, and switches to WASM, also for the next visit', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.open()
  const found = await page.evaluate(async () => Boolean('gpu' in navigator && (await Reflect.get(navigator, 'gpu').requestAdapter())))
  expect(found, 'an adapter').toBe(true)
  await expect(app.modelChip).toContainText('Ready', { timeout: 120_000 })
  await app.live()
  await expect(app.backendChip).toHaveText('WebGPU')
  const onGpu = await app.logits()
  await app.backendChip.click()
  const panel = page.getByRole('dialog')
  await expect(panel).toContainText(/WebGPU runs: on a test sentence it agrees with WASM to \d\.\de-\d+ of a logit\./)
  await app.radio('Prefer', 'WASM').click()
  await page.keyboard.press('Escape')
  await expect(app.backendChip).toContainText('WASM', { timeout: 60_000 })
  await app.live()
  await app.backendChip.click()
  await expect(panel).toContainText('WASM runs because you chose it.')
  await page.keyboard.press('Escape')
  const onCpu = await app.logits()
  expect(onCpu.positive).toBeCloseTo(onGpu.positive, 2)
  expect(onCpu.negative).toBeCloseTo(onGpu.negative, 2)

  // The choice is kept for the next visit.
  await page.reload()
  await app.live()
  await expect(app.backendChip).toContainText('WASM')
})
