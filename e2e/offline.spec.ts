// A page that was visited, on a host that isolates it (a plain one: service-worker.spec.ts), works without a network: shell and runtime from the service worker, the model from the engine's cache.
import { expect, test } from '@playwright/test'
import { serve } from '../tools/server/serve.ts'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

test('a visited page runs its model without a network @full', async ({ page }) => {
  const host = await serve({ dir: 'dist', port: 0 })
  const innerscope = new InnerscopePage(page)
  try {
    await innerscope.openLive(ATTENTION, host.url)
    await page.evaluate(() => navigator.serviceWorker.ready)
    // The runtime is kept when the service worker, which the first visit installed, sees it asked for.
    await page.reload()
    await innerscope.live()
  } finally {
    await host.close()
  }
  await page.reload()
  await innerscope.live()
  const fonts = await page.evaluate(async () => (await document.fonts.load('16px "Inter Variable"', 'A')).map(({ status }) => status))
  expect(fonts).toEqual(['loaded'])
  await page.getByRole('textbox', { name: 'Sentence' }).fill('Nobody can hear me now.')
  await expect(innerscope.tokens().filter({ hasText: 'Nobody' })).toBeVisible()
})
