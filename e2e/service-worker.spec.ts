// The service worker on a host that sends no isolation headers: threads after one reload, and the page with its model without a network.
import { expect, test } from '@playwright/test'
import { serve } from '../tools/server/serve.ts'
import { InnerscopePage } from './pages/innerscope-page.ts'

test('a plain host gains threads after one reload, which keeps what was typed, and the page runs without a network @full', async ({
  page,
}) => {
  const host = await serve({ dir: 'dist', port: 0, isolation: false })
  const app = new InnerscopePage(page)
  try {
    await page.goto(`${host.url}#a=Typed%20before.`)
    // The page registers it and reloads itself once.
    await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false)).toBe(true)
    await app.live()
    await expect(app.field()).toHaveValue('Typed before.')
    await expect(app.backendChip).toHaveText(/WASM, \d+ threads?/)
    await page.evaluate(async () => {
      await (await fetch('./models/minilm-sst2/config.json', { cache: 'no-store' })).text()
    })
  } finally {
    await host.close()
  }
  await page.reload()
  await expect(page).toHaveTitle(/Innerscope/)
  await app.live()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await app.field().fill('Nobody can hear me now.')
  await expect(app.tokens().filter({ hasText: 'Nobody' })).toBeVisible()
  // The runtime was kept when it was first used: its files are too large for every visit.
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
