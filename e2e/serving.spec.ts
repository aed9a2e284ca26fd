// What the built page is served with: the runtime's files. Isolation and the policy: threads.spec.ts.
import { expect, test } from '@playwright/test'

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
