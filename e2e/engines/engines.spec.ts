// What the page is for, in the engines that Playwright does not drive here: one browser, one page, one journey in parts.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { ATTRIBUTION_METHODS, type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import reference from '../../fixtures/minilm-reference.json' with { type: 'json' }
import smollm2 from '../../fixtures/smollm2-reference.json' with { type: 'json' }
import { words as attention } from '../../src/features/attention/words/en.ts'
import { words } from '../../src/i18n/en/words.ts'
import { words as chinese } from '../../src/i18n/zh/words.ts'
import { numberOf } from '../pages/innerscope-page.ts'
import { type EnginePage, until } from './engine-page.ts'
import { button, expect, live, openedIn, positive, radio, settled, shown, test, typeAndWait } from './innerscope.ts'
import { dropInPage, errorsInPage, fileOfPage, type JourneyHost, killEngineInPage, startJourneyHost } from './journey-host.ts'
import { coloursOf, drawnCells, drawnLines } from './picture.ts'

const [item] = reference.items
const [france] = smollm2.items
/** A model of 117 MB, whose packed weights are unpacked. */
const LARGE_MS = 420_000
/** All methods beside each other, on a busy machine. */
const VALUES_MS = 300_000
const { charts } = attention.attention
/** Tokens that are generated. */
const STEPS = 4
/** Items of the menu of files, each named with its format. */
const FILES = { svg: /SVG/, png: /PNG/, csv: /CSV/, json: /JSON/ } as const
/** One of each family, and one whose row comes later. */
const FOUR_METHODS = [
  'leave-one-out',
  'input-x-gradient',
  'gradient-x-attention',
  'relevance',
] as const satisfies readonly AttributionMethodId[]

test.describe('a journey', () => {
  test.describe.configure({ mode: 'serial', timeout: 240_000 })

  test('the example is there before the model, and turns live', async ({ journey, host }) => {
    await journey.goto(host.url)
    await until('the example', async () => (await shown(journey)).tokens.length === 10)
    expect(await journey.evaluate(() => document.body.textContent ?? '', null)).toContain(words.input.precomputed)
    const before = await positive(journey)
    host.releaseModel()
    await live(journey)
    expect(Math.abs((await positive(journey)) - before)).toBeLessThan(0.01)
  })

  test('what is typed is answered', async ({ journey }) => {
    await typeAndWait(journey, 'A dull film, sadly.')
    expect((await shown(journey)).tokens).toEqual(['[CLS]', 'A', 'dull', 'film', ',', 'sadly', '.', '[SEP]'])
    expect(await positive(journey)).toBeLessThan(0.1)
    await typeAndWait(journey, item?.text ?? '')
    expect(await positive(journey)).toBeGreaterThan(0.9)
  })

  test('every attention chart is seen, not only its table', async ({ journey }) => {
    await openLink(journey, 'v=attention&sk=shown')
    await until('the heatmap', async () => (await valuedCells(journey)) === 100)
    const heatmap = await drawnCells(journey, 'figure')
    expect(heatmap.cells).toBe(100)
    expect(heatmap.colours).toBeGreaterThan(10)
    // The grid is one canvas of all heads.
    expect(await coloursOf(journey, '.is-stage')).toBeGreaterThan(50)
    for (const chart of ['flow', 'arcs'] as const) {
      await journey.click(radio(charts[chart]))
      await until(chart, () => journey.evaluate(() => document.querySelector('figure g.is-base path') !== null, null))
      expect(await drawnLines(journey, 'figure')).toBeGreaterThan(10)
    }
    await openLink(journey, 'v=attention&sk=shown&c=token&t=a5')
    await until('strips', () => journey.evaluate(() => document.querySelectorAll('figure .is-cells').length === 2, null))
    expect((await drawnCells(journey, 'figure')).cells).toBe(120)
  })

  test('attributions are seen, and equal those of the engine in Node', async ({ journey }) => {
    await showAttributions(journey, FOUR_METHODS.slice(0, -1))
    // Values that come after the chart is drawn, and rows that move, are drawn too.
    await showAttributions(journey, FOUR_METHODS)
    await expectValues(journey, FOUR_METHODS)
  })

  test('a row of what if opens to what its edit does', async ({ journey }) => {
    await openLink(journey, 'v=what-if')
    const count = (): Promise<number> => journey.evaluate(() => document.querySelectorAll('.edit-row').length, null)
    await until('rows', async () => (await count()) === 8, 60_000)
    await journey.click({ css: '.edit-open', name: /“not”/ })
    const row = await until('a row that is open', () =>
      journey.evaluate(
        () => document.querySelector('.edit-open[aria-expanded="true"]')?.parentElement?.querySelector('.edit-value')?.textContent,
        null,
      ),
    )
    const deleted = item?.logits_with_token_deleted.data[9] ?? Number.NaN
    expect(Math.abs(numberOf(row) - (deleted - (item?.logits.data[1] ?? Number.NaN)))).toBeLessThan(0.0015)
    await until('its heads', () => journey.evaluate(() => document.querySelectorAll('.edit-numbers .edit-head').length === 5, null))
  })

  test('two sentences and their difference', async ({ journey }) => {
    await openLink(journey, 'v=attention&sk=shown')
    await journey.click(button(words.input.compare))
    await typeAndWait(journey, 'The film is bad at all.', 'B')
    expect(await positive(journey, 0)).toBeGreaterThan(0.9)
    expect(await positive(journey, 1)).toBeLessThan(0.1)
    expect((await shown(journey)).ghosts).toEqual(['not'])
    await journey.click(radio(words.compare.paneDifference))
    // The token that B lacks is a gap: a row and a column of ten.
    await until('the difference', async () => (await valuedCells(journey)) === 81)
    expect((await drawnCells(journey, 'figure')).cells).toBe(81)
  })

  test('Chinese', async ({ journey }) => {
    const before = await shown(journey)
    await journey.click({ css: 'header button', name: words.app.language.label })
    await until('Chinese', async () => (await shown(journey)).language === 'zh')
    const { choices, numbers, tokens } = await shown(journey)
    expect(choices.length).toBe(before.choices.length)
    expect(choices.join('')).not.toMatch(/Heatmap|Attention/)
    expect(choices.join('')).toMatch(/[\u4e00-\u9fff]/)
    expect(tokens).toEqual(before.tokens)
    expect(numbers.length).toBe(before.numbers.length)
    await journey.click({ css: 'header button', name: chinese.app.language.label })
    await until('English', async () => (await shown(journey)).language === 'en')
  })

  test('an engine that dies is started again, and the text gets its answer', async ({ journey }) => {
    await typeAndWait(journey, 'A dull film, sadly.', 'A')
    expect(await journey.evaluate(killEngineInPage, null)).toBe(true)
    await until(
      'word of it',
      () => journey.evaluate((text) => (document.body.textContent ?? '').includes(text), words.notice['engine-restarted']),
      60_000,
    )
    await live(journey)
    await typeAndWait(journey, 'A bright film, gladly.', 'A')
    expect(await positive(journey)).toBeGreaterThan(0.9)
  })

  test('a link brings the same view, and opens without its host once the page was visited', async ({ journey, host }) => {
    const before = await shown(journey)
    const link = await journey.evaluate(() => location.href, null)
    expect(link).toContain('#')
    await journey.evaluate(async () => {
      await navigator.serviceWorker.ready
      // As a second visit: what the first one fetched before there was a service worker is kept when it is asked for again.
      await Promise.all(performance.getEntriesByType('resource').map(async ({ name }) => (await fetch(name)).arrayBuffer()))
    }, null)
    await host.close()
    // Elsewhere first: an address of the same page would not be opened anew.
    await journey.goto('about:blank')
    await journey.goto(link)
    await live(journey)
    await expect.poll(() => shown(journey)).toEqual(before)
    await typeAndWait(journey, 'Nobody can hear me now.', 'A')
    expect((await shown(journey)).tokens).toContain('Nobody')
  })

  test('nothing went wrong on the way that only the console tells', async ({ journey }) => {
    expect(await journey.evaluate(errorsInPage, null)).toEqual([])
    expect(journey.browserErrors()).toEqual([])
  })
})

/** Drops a model's files on the page, and waits until it answers. */
async function drop(page: EnginePage, folder: string): Promise<void> {
  const paths = ['onnx/model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json']
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), bytes: (await readFile(`${folder}/${path}`)).toString('base64') })),
  )
  await page.evaluate(dropInPage, files)
  await page.click({ css: '[role="dialog"] button', name: 'Open' })
  await openedIn(page, /^model ?Ready/, LARGE_MS)
}

/** What the command says of a text of the small language model. */
async function explained(...question: readonly string[]) {
  const program = ['tools/run-ts.mjs', 'tools/explain.ts', '--model', 'fixtures/zoo/qwen2', '--file', 'onnx/model.onnx']
  const { stdout } = await promisify(execFile)(process.execPath, [...program, '--text', 'the film is', ...question, '--json'])
  return JSON.parse(stdout).result
}

/** Takes the numbers on screen away, as a file. */
async function exported(
  page: EnginePage,
  format: RegExp,
): Promise<{ readonly type: string; readonly text: string; readonly size: number }> {
  const count = () => page.evaluate((): number => Reflect.get(window, 'filesOfPage').length, null)
  const before = await count()
  await page.click(button(words.app.export))
  await page.click({ css: '[role="menuitem"]', name: format })
  await until(format.source, async () => (await count()) > before)
  const file = await page.evaluate(fileOfPage, null)
  if (file === null) throw new Error(`no file of ${format.source}`)
  return file
}

/** All values of the tables on screen, in order, in full precision. */
async function exportedValues(page: EnginePage): Promise<readonly number[]> {
  const { text } = await exported(page, FILES.json)
  const { matrices }: { matrices: readonly { readonly values: readonly (readonly number[])[] }[] } = JSON.parse(text)
  return matrices.flatMap(({ values }) => values.flat())
}

/** Opens a view of the first sentence as a link that is pasted into the bar does: without a reload. */
async function openLink(page: EnginePage, link: string): Promise<void> {
  await page.evaluate(
    (hash) => {
      location.hash = hash
    },
    `${link}&a=${encodeURIComponent(item?.text ?? '')}`,
  )
  await settled(page)
}

/** Cells of all charts that have a value. */
function valuedCells(page: EnginePage): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('figure .is-cells rect:not([fill-opacity="0"])').length, null)
}

/** Points of the residual stream at which one method has values: the embeddings, and after each of six layers. */
const POINTS = 7

/** Opens methods, and waits until each has a value for each token (and for each point, where it has those), seen on screen. */
async function showAttributions(page: EnginePage, methods: readonly AttributionMethodId[]): Promise<void> {
  await openLink(page, `v=attribution&am=${methods.join('_')}`)
  const layered = methods.filter((method) => METHODS[method].gives === 'layers')
  const cells = 10 * (methods.length + POINTS * layered.length)
  await until('all values', async () => (await valuedCells(page)) === cells, VALUES_MS)
  // What still runs is drawn pale.
  await until('an end of all', () => page.evaluate(isEveryMethodDone, words.asked.stop), VALUES_MS)
  // More rows than fit on screen: each is brought there.
  for (const at of Array.from({ length: methods.length + layered.length }).keys())
    expect((await drawnCells(page, 'figure', at)).cells).toBe(at < methods.length ? 10 : 10 * POINTS)
}

/** In the page: no method offers to be stopped. */
function isEveryMethodDone(stop: string): boolean {
  return !Array.from(document.querySelectorAll('button')).some(({ textContent }) => textContent.trim() === stop)
}

async function expectValues(page: EnginePage, methods: readonly AttributionMethodId[]): Promise<void> {
  const program = ['tools/run-ts.mjs', 'e2e/engines/values-in-node.ts', item?.text ?? '', ...methods]
  const { stdout } = await promisify(execFile)(process.execPath, program)
  const expected: readonly (readonly number[])[] = JSON.parse(stdout)
  const own = await exportedValues(page)
  expect(own.length).toBe(10 * methods.length)
  for (const [at, method] of methods.entries()) {
    const values = own.slice(10 * at, 10 * at + 10)
    for (const [token, value] of values.entries())
      expect(Math.abs(value - (expected[at]?.[token] ?? Number.NaN)), `${method} of token ${token}`).toBeLessThan(1e-3)
  }
}

test.describe('more @full', () => {
  // One after the other on one page, but none needs what another did: each that fails is tried again by itself.
  test.describe.configure({ mode: 'default', timeout: 600_000, retries: 2 })
  // The journey before ends with its host's end.
  let host: JourneyHost
  test.beforeAll(async ({ journey }) => {
    host = await startJourneyHost()
    host.releaseModel()
    await journey.goto(`${host.url}#v=attention&sk=shown`)
    await live(journey)
  })
  test.afterAll(() => host.close())

  test('charts and numbers leave as files', async ({ journey }) => {
    const drawing = await exported(journey, FILES.svg)
    expect(drawing.type).toBe('image/svg+xml')
    expect(drawing.text.match(/<rect/g)?.length).toBeGreaterThan(100)
    const picture = await exported(journey, FILES.png)
    expect(picture.type).toBe('image/png')
    expect(picture.size).toBeGreaterThan(5_000)
    const numbers = await exported(journey, FILES.csv)
    expect(numbers.text.split('\n').length).toBeGreaterThan(10)
    expect(await exportedValues(journey)).toHaveLength(100)
  })

  test('every attribution method of one pass is seen, and its values equal those of the engine in Node', async ({ journey }) => {
    // Methods of many passes take minutes there on two cores; Chromium shows all.
    const quick = ATTRIBUTION_METHODS.filter((method) => METHODS[method].live)
    await showAttributions(journey, quick)
    await expectValues(journey, quick)
  })

  test('a model that is dropped on the page opens', async ({ journey }) => {
    await openLink(journey, 'v=attention')
    await drop(journey, 'fixtures/zoo/bert')
    await typeAndWait(journey, 'Not good.')
    // This tiny vocabulary has pieces of one or two letters.
    expect((await shown(journey)).tokens).toEqual(['[CLS]', 'No', 't', 'g', 'o', 'o', 'd', '.', '[SEP]'])
  })

  test('a language model that is dropped generates what onnxruntime does, and goes on from another candidate', async ({ journey }) => {
    await openLink(journey, `lv=2&v=generate&gn=${STEPS}&gt=0`)
    await drop(journey, 'fixtures/zoo/qwen2')
    await typeAndWait(journey, 'the film is')
    await journey.click({ css: 'button', name: new RegExp(`^Generate ${STEPS} tokens$`) })
    const added = () =>
      journey.evaluate(() => Array.from(document.querySelectorAll('.generate-token'), (node) => node.textContent ?? ''), null)
    await until('its tokens', async () => (await added()).length === STEPS)
    const { tokens }: { tokens: readonly { readonly piece: string }[] } = await explained('--generate', String(STEPS))
    expect(await added()).toEqual(tokens.map(({ piece }) => piece.replace('Ġ', ' ')))
    // The second candidate of the second place begins a branch of its own.
    const pressed = (at: number) =>
      journey.evaluate((index) => document.querySelectorAll<HTMLElement>('.generate-token')[index]?.click(), at)
    await pressed(1)
    await journey.click({ css: '.choice-row:nth-child(2) button' })
    await until('a branch', async () => (await added()).length === 2)
    expect((await added())[0]).toBe(tokens[0]?.piece.replace('Ġ', ' '))
    expect((await added())[1]).not.toBe(tokens[1]?.piece.replace('Ġ', ' '))
  })

  test('a language model that is dropped is read layer by layer, as in Node, and a cell of a head to its formula', async ({ journey }) => {
    await openLink(journey, 'lv=2&v=inside')
    await drop(journey, 'fixtures/zoo/qwen2')
    await typeAndWait(journey, 'the film is')
    const lens: { logit_lens: readonly (readonly { readonly top: { readonly label: string } }[])[] } = await explained('--lens')
    const [first] = lens.logit_lens
    const cells = () =>
      journey.evaluate(
        () => Array.from(document.querySelectorAll('.lens [role="gridcell"]'), (cell) => (cell.textContent ?? '').replace(/^␣/, ' ')),
        null,
      )
    await until(
      'every cell',
      async () => (await cells()).filter((text) => text !== '').length === lens.logit_lens.length * (first?.length ?? 0),
    )
    // The page's first row is the answer.
    const rows = Array.from(first ?? [], (_, layer) => lens.logit_lens.map((column) => column[layer]?.top.label)).toReversed()
    expect(await cells()).toEqual(rows.flat())
    // One picture from the token to the answer, a block for each layer.
    expect(await journey.evaluate(() => document.querySelectorAll('.path-block-hit').length, null)).toBe((first?.length ?? 0) - 1)
    // A block, a head of it, a cell of that: the formula has the numbers of the page's own table.
    // WebKit's driver finds no place of an SVG group that it could press.
    await journey.evaluate(() => {
      const block = Array.from(document.querySelectorAll('.path-block-hit')).find((one) =>
        one.getAttribute('aria-label')?.startsWith('Block 2'),
      )
      block?.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    }, null)
    await journey.click({ css: '.path-head', name: /^Head 1/ })
    await until('a cell', () => journey.evaluate(() => document.querySelector('.path-grid [data-cell="2.1"]') !== null, null))
    await journey.evaluate(() => {
      for (const cell of document.querySelectorAll<HTMLElement>('.path-grid [data-cell="2.1"]')) cell.click()
    }, null)
    const written = () =>
      journey.evaluate(() => Array.from(document.querySelectorAll('.path-formula annotation'), (node) => node.textContent ?? ''), null)
    const formula = await until('its formula', async () => (await written()).find((tex) => /a_\{3,2\}\} = \\frac/.test(tex)))
    const told = await journey.evaluate(
      () => document.querySelector('.path-zoom.is-head .is-unseen tbody tr:nth-child(2) td:nth-child(4)')?.textContent ?? '',
      null,
    )
    const [, weight] = /= (\d\.\d+)$/.exec(formula) ?? []
    expect(Math.abs(Number(weight) - Number(told))).toBeLessThan(6e-4)
    expect(Number(told)).toBeGreaterThan(0)
    // Fonts of the formula that are still on their way would be told as failed in the journey after this one.
    expect(await journey.evaluate(() => document.fonts.ready.then(({ status }) => status), null)).toBe('loaded')
  })

  test('SmolLM2 says what comes next', async ({ journey, engine }) => {
    await journey.goto('about:blank')
    await journey.goto(`${host.url}#m=smollm2-135m-instruct&v=attention&a=${encodeURIComponent(france?.text ?? '')}`)
    try {
      await openedIn(journey, /^SmolLM2.*Ready/, LARGE_MS)
    } catch (error) {
      // That it is too slow is a failure; that WebKit ended the page's process, which it may where memory is short, is not the page's.
      const isLost = await journey
        .evaluate(() => true, null)
        .then(
          () => false,
          () => true,
        )
      test.skip(engine === 'webkit' && isLost, 'WebKit lost the page of the large model')
      throw error
    }
    const best = await journey.evaluate(() => {
      const table = Array.from(document.querySelectorAll('table')).find((one) => /Probability/.test(one.tHead?.textContent ?? ''))
      const row = table?.querySelector('tbody tr')
      return { label: row?.querySelector('th')?.textContent, probability: row?.querySelector('td')?.textContent }
    }, null)
    expect(best.label).toBe('␣Paris')
    expect(numberOf(best.probability ?? '')).toBeCloseTo(Math.exp(france?.target_logprob ?? 0), 2)
    // Thirty layers of nine heads, as one picture.
    expect(await coloursOf(journey, '.is-stage')).toBeGreaterThan(50)
    expect(await journey.evaluate(errorsInPage, null)).toEqual([])
    expect(journey.browserErrors()).toEqual([])
  })
})
