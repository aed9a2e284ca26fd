// Threads where the page is isolated and the machine has cores for them; one thread, and why, where it is not.
import { expect, test } from '@playwright/test'
import { serve } from '../tools/server/serve.ts'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

test('an isolated page uses the machine’s cores, and without WebGPU runs on WASM and says why', async ({ page, request }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')).toContain("default-src 'none'")
  expect((await request.get('./')).headers()['content-security-policy']).toContain("frame-ancestors 'self'")
  // This project has no WebGPU.
  expect(await page.evaluate(async () => ('gpu' in navigator ? await Reflect.get(navigator, 'gpu').requestAdapter() : null))).toBeNull()
  const cores = await page.evaluate(() => navigator.hardwareConcurrency)
  const text = (await app.backendChip.textContent()) ?? ''
  const threads = Number(/WASM, (\d+) threads?/.exec(text)?.[1])
  if (cores > 1) expect(threads).toBeGreaterThan(1)
  else expect(threads).toBe(1)
  await app.backendChip.click()
  await expect(page.getByRole('dialog')).not.toContainText('isolation headers')
  await expect(page.getByRole('dialog')).toContainText(/WASM runs: (this browser has no WebGPU|the browser found no graphics adapter)/)
})

test.describe('a plain host', () => {
  // The service worker would isolate the page after a reload: here the browser has none.
  test.use({ serviceWorkers: 'block' })

  test('runs with one thread and says why @full', async ({ page }) => {
    const host = await serve({ dir: 'dist', port: 0, isolation: false })
    const app = new InnerscopePage(page)
    try {
      await app.openLive(ATTENTION, host.url)
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
      await expect(app.backendChip).toHaveText('WASM, 1 thread')
      await app.backendChip.click()
      await expect(page.getByRole('dialog')).toContainText('One thread only: the server of this page does not send the isolation headers.')
      await page.keyboard.press('Escape')
      await app.type('It works all the same, wonderfully.')
      expect((await app.probabilities()).positive).toBeGreaterThan(0.9)
    } finally {
      await host.close()
    }
  })
})
