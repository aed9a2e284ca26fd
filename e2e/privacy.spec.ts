// Nothing leaves the page's own origin, and its policy would stop what tried to.
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
  expect(asked.filter((url) => url.includes('4711') && !url.startsWith('blob:')).map((url) => url.split('#')[0])).toEqual(
    asked.filter((url) => url.includes('4711') && !url.startsWith('blob:')).map(() => `${origin}/`),
  )
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
  const attempts: string[] = []
  page.on('request', (sent) => attempts.push(sent.url()))
  const refused = await page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective))
    const answer = await fetch('http://127.0.0.1:9/planted').then(
      () => 'answered',
      () => 'refused',
    )
    const image = new Image()
    image.src = 'http://127.0.0.1:9/planted.png'
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    document.head.append(script)
    await new Promise((done) => setTimeout(done, 200))
    return { answer, violations: violations.toSorted(), planted: Reflect.has(window, 'planted') }
  })
  expect(refused).toEqual({ answer: 'refused', violations: ['connect-src', 'img-src', 'script-src-elem'], planted: false })
  const [engine] = page.workers()
  const inWorker = await engine?.evaluate(async () => {
    const violations: string[] = []
    self.addEventListener('securitypolicyviolation', (event) => violations.push(String(Reflect.get(event, 'effectiveDirective'))))
    const answer = await fetch('http://127.0.0.1:9/planted').then(
      () => 'answered',
      () => 'refused',
    )
    await new Promise((done) => setTimeout(done, 200))
    return { answer, violations }
  })
  expect(inWorker).toEqual({ answer: 'refused', violations: ['connect-src'] })
  expect(attempts.filter((url) => url.includes('planted'))).toEqual([])
})
