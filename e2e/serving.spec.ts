// What the built page is served with: isolation, the policy, the runtime's files, no WebGPU in this project, offline.
import { expect, test } from '@playwright/test'

test('the page is cross-origin isolated and carries the policy', async ({ page, request }) => {
  await page.goto('./')
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')).toContain("default-src 'none'")
  expect((await request.get('./')).headers()['content-security-policy']).toContain("frame-ancestors 'self'")
})

test('the runtime comes from the page itself', async ({ request }) => {
  for (const kind of ['', '.jspi', '.asyncify']) {
    const module = await request.get(`./ort/ort-wasm-simd-threaded${kind}.mjs`)
    expect(module.headers()['content-type']).toContain('text/javascript')
    const binary = await request.get(`./ort/ort-wasm-simd-threaded${kind}.wasm`, { headers: { range: 'bytes=0-3' } })
    expect(binary.status()).toBe(206)
    expect(binary.headers()['content-type']).toBe('application/wasm')
    expect([...(await binary.body())]).toEqual([0x00, 0x61, 0x73, 0x6d])
  }
})

test('this project runs without WebGPU', async ({ page }) => {
  await page.goto('./')
  expect(await page.evaluate(async () => ('gpu' in navigator ? await Reflect.get(navigator, 'gpu').requestAdapter() : null))).toBeNull()
})
