// What goes wrong on the way: each failure says what happened and what to do, and what was typed is never lost.
import { expect, type Page, test } from '@playwright/test'
import { cutAfter, damagedAt, type Fault, gate, MODEL_FILE, startFaultyHost } from './pages/faulty-host.ts'
import { ATTENTION, InnerscopePage } from './pages/innerscope-page.ts'

const TYPED = 'A dull film, sadly.'

// What a service worker fetches passes by the routes of the test.
test.use({ serviceWorkers: 'block' })

test('a worker that dies is started again, and the text gets its answer @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  await app.type(TYPED)
  await killEngine(page)
  await expect(app.notice('The engine stopped and was started again. What you typed is kept.')).toBeVisible()
  await app.live()
  await expect(app.field()).toHaveValue(TYPED)
  await app.type('A bright film, gladly.')
  expect((await app.probabilities()).positive).toBeGreaterThan(0.9)
})

test('a worker that dies again and again is left to the reader @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  await app.openLive(ATTENTION)
  for (let i = 0; i < 4; i++) {
    await app.live()
    await killEngine(page)
    await expect(app.modelChip).not.toContainText('Ready')
  }
  await expect(page.getByRole('alert')).toBeVisible()
  await app.button('Try again').click()
  await app.live()
  await app.type(TYPED)
  expect((await app.probabilities()).negative).toBeGreaterThan(0.9)
})

test('no model file, a web page instead, a damaged one: the reader is told, the example stays, and trying again works @full', async ({
  page,
  baseURL,
}) => {
  const faults: readonly (readonly [string, Omit<Fault, 'path'>, RegExp])[] = [
    ['no model file', { answer: (_, response) => Boolean(response.writeHead(404).end()) }, /(has no|could not be found|not there)/],
    [
      'a web page instead of the model',
      {
        answer: (_, response) =>
          Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>')),
      },
      /web page/,
    ],
    ['a damaged model', { through: () => damagedAt(9_000_000) }, /damaged/],
  ]
  let fault: Omit<Fault, 'path'> = {}
  const host = await startFaultyHost(baseURL ?? '', {
    path: MODEL_FILE,
    answer: (request, response) => fault.answer?.(request, response) ?? false,
    through: (cut) => fault.through?.(cut) ?? damagedAt(-1),
  })
  const app = new InnerscopePage(page)
  const alert = page.getByRole('alert')
  try {
    for (const [at, [name, next, sentence]] of faults.entries()) {
      await test.step(name, async () => {
        fault = next
        if (at === 0) await app.open(ATTENTION, host.url)
        else await app.button('Try again').click()
        await expect(alert).toContainText(sentence)
        await expect(alert).toContainText(MODEL_FILE)
        await expect(alert).not.toContainText('Something went wrong')
        // The example is still there to explore.
        await app.chooseHead(4, 3 + at)
        await expect(app.panes.first()).toHaveAccessibleName(new RegExp(`^Head 4\\.${3 + at}`))
      })
    }
    // What is typed waits.
    await app.field().fill(TYPED)
    fault = {}
    await app.button('Try again').click()
    await app.live()
    await expect(app.field()).toHaveValue(TYPED)
    expect((await app.probabilities()).negative).toBeGreaterThan(0.9)
  } finally {
    await host.close()
  }
})

test('the model continues where its connection broke, is kept on the device, and fetched again when the entry is damaged @full', async ({
  page,
  baseURL,
}) => {
  let breaks = 1
  const host = await startFaultyHost(baseURL ?? '', {
    path: MODEL_FILE,
    through: (cut) => (breaks-- > 0 ? cutAfter(8_000_000, cut) : damagedAt(-1)),
  })
  const app = new InnerscopePage(page)
  try {
    await app.openLive(ATTENTION, host.url)
    expect(host.requests).toHaveLength(2)
    const [first, second] = host.requests
    expect(first).toEqual({ range: undefined, status: 200 })
    expect(second?.status).toBe(206)
    expect(Number(/^bytes=(\d+)-$/.exec(second?.range ?? '')?.[1])).toBeGreaterThan(1_000_000)
    await app.type(TYPED)
    expect((await app.probabilities()).negative).toBeGreaterThan(0.9)

    await page.reload()
    await app.live()
    expect(host.requests).toHaveLength(2)
    const spoiled = await page.evaluate(async (file) => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        const entry = (await cache.keys()).find(({ url }) => url.includes(file))
        if (!entry) continue
        const bytes = new Uint8Array((await (await cache.match(entry))?.arrayBuffer()) ?? new ArrayBuffer(0))
        bytes.fill(7, 1000, 2000)
        await cache.put(entry, new Response(bytes))
        return bytes.length
      }
      return 0
    }, MODEL_FILE)
    expect(spoiled).toBeGreaterThan(20_000_000)
    await page.reload()
    await expect(app.notice('A stored model file was damaged and is fetched again.')).toBeVisible()
    await app.live()
    expect(host.requests).toHaveLength(3)
    await expect(app.field()).toHaveValue(TYPED)
    expect((await app.probabilities()).negative).toBeGreaterThan(0.9)
  } finally {
    await host.close()
  }
})

for (const [name, spoil, goesOn] of [
  ['of another model @full', (text: string) => text.replace(/"model":"[0-9a-f]{8}/, '"model":"00000000'), true],
  ['of an older version @full', (text: string) => text.replace(/"version":\d/, '"version":0'), false],
  ['that is no snapshot @full', (text: string) => `X${text.slice(1)}`, false],
] as const) {
  test(`a snapshot is refused, said so, and the page goes live without it: one ${name}`, async ({ page }) => {
    const app = new InnerscopePage(page)
    let served = 0
    await page.route('**/snapshots/*', async (route) => {
      const bytes = await (await route.fetch()).body()
      const spoiled = Buffer.from(spoil(bytes.toString('latin1')), 'latin1')
      expect(spoiled.equals(bytes)).toBe(false)
      expect(spoiled.length).toBe(bytes.length)
      served += 1
      await route.fulfill({ body: spoiled, contentType: 'application/octet-stream' })
    })
    // A model that is there first makes the snapshot needless.
    const model = gate()
    await page.route(`**/${MODEL_FILE}`, async (route) => {
      await model.opened
      await route.continue()
    })
    await page.goto('./')
    await expect(app.notice('The precomputed example belongs to another version and is not shown.')).toBeVisible()
    await expect(app.precomputedTag).toHaveCount(0)
    await expect(app.tokens()).toHaveCount(0)
    expect(served).toBeGreaterThan(0)
    if (!goesOn) return
    model.open()
    await app.live()
    expect((await app.probabilities()).positive).toBeGreaterThan(0.9)
  })
}

/** Ends the engine's worker without a word, as a browser short of memory does. */
async function killEngine(page: Page): Promise<void> {
  // Those of its threads, and dead ones, may still be listed.
  const engine = page.workers().findLast((worker) => worker.url().includes('engine.worker'))
  expect(engine).toBeDefined()
  // Answered first: nobody must wait for an answer of the dead.
  await engine?.evaluate(() => void setTimeout(() => self.close(), 20))
}
