import { expect, test } from '@playwright/test'

test('this project has a WebGPU adapter', async ({ page }) => {
  await page.goto('./')
  const found = await page.evaluate(async () => Boolean('gpu' in navigator && (await Reflect.get(navigator, 'gpu').requestAdapter())))
  expect(found).toBe(true)
})
