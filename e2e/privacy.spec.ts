// Nothing leaves the page's own origin, and its policy would stop what tried to.
import { createServer } from 'node:http'
import { expect, test } from '@playwright/test'
import { InnerscopePage } from './pages/innerscope-page.ts'

test('a whole journey asks nobody but the page’s own origin', async ({ page, context, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin
  const asked: string[] = []
  // The context hears the page, its workers and its service worker.
  context.on('request', (request) => asked.push(request.url()))
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  const app = new InnerscopePage(page)
  await app.openLive()
  await app.type('Nobody should hear of this: token 4711.')
  await app.choose('hear')
  await app.tool('Mask').click()
  await app.settled()
  await app.button('Compare with a second sentence').click()
  await app.settled()
  for (const chart of ['Flow', 'Arcs', 'One token', 'Heatmap'] as const) await app.showChart(chart)
  await app.modelChip.click()
  await page.keyboard.press('Escape')
  await app.button('About').click()
  await page.keyboard.press('Escape')
  for (const [item, name] of [
    [/SVG/, 'innerscope-attention.svg'],
    [/PNG/, 'innerscope-attention.png'],
    [/CSV/, 'innerscope-attention.csv'],
    [/JSON/, 'innerscope-attention.json'],
  ] as const) {
    const download = page.waitForEvent('download')
    await app.menu('Export the chart', item)
    expect((await download).suggestedFilename()).toBe(name)
  }
  await app.button('Language').click()
  await page.reload()
  await expect(page.getByRole('toolbar').first()).toBeVisible()

  // The model, the runtime and the page were heard, so workers were.
  for (const part of ['.onnx', '.wasm', 'engine.worker', '/assets/']) expect(asked.some((url) => url.includes(part))).toBe(true)
  // Files for download are made in the page.
  const foreign = asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`))
  expect(foreign).toEqual([])
  // The text stands in the address behind the #, which browsers keep to themselves.
  expect(asked.map((url) => url.split('#')[0]).filter((url) => url?.includes('4711'))).toEqual([])
  expect(problems).toEqual([])
})

test('the policy stops a request to another origin, from the page and from the worker, and eval', async ({ page, request }) => {
  const policy = (await request.get('./')).headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("'wasm-unsafe-eval'")
  expect(policy).not.toContain("'unsafe-eval'")
  expect(policy).not.toMatch(/https?:|\*/)

  const app = new InnerscopePage(page)
  await app.openLive()
  const reached: string[] = []
  const stranger = createServer((asked, response) => {
    reached.push(asked.url ?? '')
    response.writeHead(204, { 'access-control-allow-origin': '*' }).end()
  })
  const other = await new Promise<string>((done) => {
    stranger.listen(0, '127.0.0.1', () => {
      const address = stranger.address()
      done(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    })
  })
  // It is there, and would answer.
  expect((await request.get(`${other}/asked`)).status()).toBe(204)
  const refused = await page.evaluate(async (other) => {
    // The header and the page's own tag both report.
    const violations = new Set<string>()
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.add(effectiveDirective))
    const answer = await fetch(`${other}/planted`).then(
      () => 'answered',
      () => 'refused',
    )
    const image = new Image()
    image.src = `${other}/planted.png`
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    document.head.append(script)
    await new Promise((done) => setTimeout(done, 200))
    return { answer, violations: [...violations].toSorted(), planted: Reflect.has(window, 'planted') }
  }, other)
  expect(refused).toEqual({ answer: 'refused', violations: ['connect-src', 'img-src', 'script-src-elem'], planted: false })
  const engine = page.workers().find((worker) => worker.url().includes('engine.worker'))
  const inWorker = await engine?.evaluate(async (other) => {
    const violations = new Set<string>()
    self.addEventListener('securitypolicyviolation', (event) => violations.add(String(Reflect.get(event, 'effectiveDirective'))))
    const answer = await fetch(`${other}/planted`).then(
      () => 'answered',
      () => 'refused',
    )
    await new Promise((done) => setTimeout(done, 200))
    return { answer, violations: [...violations] }
  }, other)
  expect(inWorker).toEqual({ answer: 'refused', violations: ['connect-src'] })
  expect(reached).toEqual(['/asked'])
  stranger.close()
})
