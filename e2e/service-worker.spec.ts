// The service worker on a host that sends no isolation headers: threads after one reload, and the page without a network.
import { expect, test } from '@playwright/test'
import { serve } from '../tools/serve.mjs'

test('a plain host becomes isolated after one reload, and the page stays without a network', async ({ page }) => {
  const host = await serve({ dir: 'dist', port: 0, isolation: false })
  try {
    await page.goto(host.url)
    // The page registers it and reloads itself once.
    await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false), { timeout: 30_000 }).toBe(true)
    // Kept when first used: the runtime's files are too large for every visit.
    await page.evaluate(async () => {
      for (const file of ['./ort/ort-wasm-simd-threaded.mjs', './models/minilm-sst2/config.json'])
        await (await fetch(file, { cache: 'no-store' })).text()
    })
  } finally {
    await host.close()
  }
  await page.reload()
  await expect(page).toHaveTitle(/Innerscope/)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(await page.evaluate(async () => (await fetch('./ort/ort-wasm-simd-threaded.mjs')).status)).toBe(200)
  // Models are the engine's: passed through, so not there without a network.
  expect(
    await page.evaluate(() =>
      fetch('./models/minilm-sst2/config.json', { cache: 'no-store' }).then(
        () => 'answered',
        () => 'failed',
      ),
    ),
  ).toBe('failed')
})
