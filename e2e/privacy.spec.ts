// Nothing leaves the page's own origin, and its policy would stop what tried to.
import { createServer, get } from 'node:http'
import { type APIRequestContext, expect, type Page, test, type Worker } from '@playwright/test'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'
import { type LocalHub, startLocalHub } from './pages/local-hub.ts'

test('a whole journey asks nobody but the page’s own origin', async ({ page, context, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin
  const asked: string[] = []
  // The context hears the page, its workers and its service worker.
  context.on('request', (request) => asked.push(request.url()))
  const workers: string[] = []
  page.on('worker', (worker) => workers.push(worker.url()))
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  await app.type('Nobody should hear of this: token 4711.')
  await app.choose('hear')
  await app.tool('Mask').click()
  await app.settled()
  await app.button('Compare').click()
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
  // The one worker that could ask others was not started.
  expect(workers.some((url) => url.includes('engine.worker'))).toBe(true)
  expect(workers.filter((url) => url.includes('hub.worker'))).toEqual([])
  // Files for download are made in the page.
  const foreign = asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`))
  expect(foreign).toEqual([])
  // The text stands in the address behind the #, which browsers keep to themselves.
  expect(asked.map((url) => url.split('#')[0]).filter((url) => url?.includes('4711'))).toEqual([])
  expect(problems).toEqual([])
})

test('the policy stops requests to another origin, and eval; only the worker that fetches models reaches a hub @full', async ({
  page,
  request,
}) => {
  const policy = (await request.get('./')).headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("'wasm-unsafe-eval'")
  expect(policy).not.toContain("'unsafe-eval'")
  expect(policy).not.toMatch(/https?:|\*/)

  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
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
    // The report comes in its own time. Without it the test ends by its limit.
    const all = new Promise<void>((done) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        violations.add(effectiveDirective)
        if (violations.size === 3) done()
      })
    })
    const answer = await fetch(`${other}/planted`).then(
      () => 'answered',
      () => 'refused',
    )
    const image = new Image()
    image.src = `${other}/planted.png`
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    document.head.append(script)
    await all
    return { answer, violations: [...violations].toSorted(), planted: Reflect.has(window, 'planted') }
  }, other)
  expect(refused).toEqual({ answer: 'refused', violations: ['connect-src', 'img-src', 'script-src-elem'], planted: false })
  const engine = page.workers().find((worker) => worker.url().includes('engine.worker'))
  const inWorker = await engine?.evaluate(async (other) => {
    const violations = new Set<string>()
    const reported = new Promise<void>((done) => {
      self.addEventListener('securitypolicyviolation', (event) => {
        violations.add(String(Reflect.get(event, 'effectiveDirective')))
        done()
      })
    })
    const answer = await fetch(`${other}/planted`).then(
      () => 'answered',
      () => 'refused',
    )
    await reported
    return { answer, violations: [...violations] }
  }, other)
  expect(inWorker).toEqual({ answer: 'refused', violations: ['connect-src'] })
  expect(reached).toEqual(['/asked'])
  stranger.close()

  // The hub's worker brings the hub nothing of the reader.
  const hub = await startLocalHub()
  await app.type('Nobody should hear of this: token 4711.')
  await app.settled()
  expect(await downloadInHubWorker(page, await hubWorkerFile(request, page.url()), hub)).toEqual({
    names: ['config.json', 'onnx/model.onnx', 'special_tokens_map.json', 'tokenizer.json', 'tokenizer_config.json'],
    blobs: true,
    checked: 'hash',
    kept: 'yes',
  })
  // Now that it runs, the others still may not.
  const before = hub.requests.length
  expect(await reach(page, hub)).toBe('refused')
  expect(await reach(workerOf(page, 'engine.worker'), hub)).toBe('refused')
  expect(await reach(workerOf(page, 'hub.worker'), hub)).toBe('answered')
  // It takes no orders from there.
  const imported = await workerOf(page, 'hub.worker').evaluate(
    (address) =>
      import(/* @vite-ignore */ `${address}/zoo/bert/resolve/main/config.json`).then(
        () => 'loaded',
        () => 'refused',
      ),
    hub.address,
  )
  expect(imported).toBe('refused')
  expect(hub.requests).toHaveLength(before + 1)
  for (const { url, referer, cookie } of hub.requests)
    expect([url.includes('4711'), referer, cookie]).toEqual([false, undefined, undefined])
  await hub.close()
})

test('on a host that sends no policy, the service worker sends it for the workers', async ({ page, baseURL }) => {
  const hub = await startLocalHub()
  const bare = createServer((asked, response) => {
    get(new URL(asked.url ?? '/', baseURL), { headers: { ...asked.headers, connection: 'close' } }, (answer) => {
      const { 'content-security-policy': _, ...headers } = answer.headers
      response.writeHead(answer.statusCode ?? 0, headers)
      answer.pipe(response)
    })
  })
  const port = await new Promise<number>((done) => {
    bare.listen(0, '127.0.0.1', () => {
      const address = bare.address()
      done(typeof address === 'object' ? (address?.port ?? 0) : 0)
    })
  })
  const url = `http://127.0.0.1:${port}/`
  await page.goto(url)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.reload()
  const app = new InnerscopePage(page)
  await app.settled()
  expect(await page.evaluate(() => fetch(location.href).then(({ headers }) => headers.get('content-security-policy')))).toContain(
    "connect-src 'self'",
  )
  const started = await page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('innerscope-shell-'))
    const files = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))
    return files.flat().find((file) => /\/hub\.worker-[\w-]+\.js$/.test(file)) ?? ''
  })
  expect((await downloadInHubWorker(page, started, hub)).checked).toBe('hash')
  expect(await reach(page, hub)).toBe('refused')
  expect(await reach(workerOf(page, 'engine.worker'), hub)).toBe('refused')
  bare.closeAllConnections()
  bare.close()
  await hub.close()
})

/** The file of the worker that fetches models: its name is in the scripts that the page's entry imports. */
async function hubWorkerFile(request: APIRequestContext, page: string): Promise<string> {
  const textOf = async (address: string): Promise<string> => (await request.get(address)).text()
  const script = /<script[^>]*\ssrc="([^"]+)"/.exec(await textOf(page))?.[1] ?? ''
  const entry = new URL(script, page).href
  const imported = Array.from((await textOf(entry)).matchAll(/["'](\.\/[\w.-]+\.js)["']/g), ([, path = '']) => new URL(path, entry).href)
  const texts = await Promise.all([entry, ...imported].map(textOf))
  const name = texts.flatMap((text) => /hub\.worker-[\w-]+\.js/.exec(text) ?? [])[0]
  if (name === undefined) throw new Error('no script of the page names the worker')
  return new URL(name, entry).href
}

/** Starts that worker as the page does, and has it fetch a model. */
function downloadInHubWorker(page: Page, file: string, { address }: LocalHub) {
  return page.evaluate(
    async ({ file, address }) => {
      const worker = new Worker(file, { type: 'module', name: 'planted' })
      // biome-ignore lint/suspicious/noExplicitAny: what a page gets from a worker
      const call = (id: number, name: string, args: unknown): Promise<any> =>
        new Promise((done, fail) => {
          worker.addEventListener('message', ({ data }) => {
            if (data.id === id && data.kind === 'result') done(data.value)
            if (data.id === id && data.kind === 'error') fail(new Error(JSON.stringify(data.error)))
          })
          worker.addEventListener('error', () => fail(new Error('the worker did not start')))
          worker.postMessage({ kind: 'call', id, name, args })
        })
      const { commit, models, sideFiles } = await call(1, 'list', { address, repo: 'zoo/bert', revision: 'main' })
      const [graph] = models.find(({ path }: { path: string }) => path === 'onnx/model.onnx').files
      const { files, checked, kept } = await call(2, 'download', { address, repo: 'zoo/bert', commit, files: [graph, ...sideFiles] })
      const names: string[] = files.map(({ path }: { path: string }) => path)
      const blobs: boolean = files.every(({ blob }: { blob: unknown }) => blob instanceof Blob && blob.size > 0)
      return { names: names.toSorted(), blobs, checked: String(checked), kept: String(kept) }
    },
    { file, address },
  )
}

function workerOf(page: Page, name: string): Worker {
  const found = page.workers().find((worker) => worker.url().includes(name))
  if (!found) throw new Error(`no ${name}`)
  return found
}

/** Whether a page or worker gets an answer from a hub. */
function reach(from: Page | Worker, { address }: LocalHub): Promise<string> {
  const ask = (address: string): Promise<string> =>
    fetch(`${address}/zoo/bert/resolve/main/config.json`).then(
      () => 'answered',
      () => 'refused',
    )
  return 'goto' in from ? from.evaluate(ask, address) : from.evaluate(ask, address)
}
